#include "pipeline/comm/rank_zero.hpp"

#include <exception>

namespace chorale::comm {
namespace {

constexpr char kResult = 'r', kError = 'e', kUsageError = 'u';  // first letter of what is broadcast

}  // namespace

std::string from_rank_zero(const MpiSession& session, const std::function<std::string()>& make) {
  std::string message;
  std::exception_ptr failure;
  if (session.rank() == 0) {
    try {
      message = kResult + make();
    } catch (const runtime::UsageError& error) {
      message = std::string(1, kUsageError) + error.what();
      failure = std::current_exception();
    } catch (const std::exception& error) {
      message = std::string(1, kError) + error.what();
      failure = std::current_exception();
    }
  }
  message = session.broadcast(std::move(message));
  if (failure) std::rethrow_exception(failure);
  const std::string text = message.substr(1);
  if (message.front() == kUsageError) throw runtime::UsageError(text);
  if (message.front() == kError) throw runtime::Error(text);
  return text;
}

}  // namespace chorale::comm
