#include "train/optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace chorale::train {
namespace {

// From `start` to `end` as `part` goes from 0 to 1.
double cosine(double start, double end, double part) {
  return end + (start - end) / 2 * (1 + std::cos(std::numbers::pi * part));
}

double one_cycle(double lr, double step, double steps) {
  constexpr double kRising = 0.3, kStart = 1.0 / 25, kEnd = kStart / 1e4;
  const double peak = kRising * steps - 1, last = steps - 1;
  if (step <= peak) return cosine(lr * kStart, lr, step / peak);
  return cosine(lr, lr * kEnd, (step - peak) / (last - peak));
}

double reduced(const config::Train& options, double scale) {
  return std::max(options.lr * scale, options.min_lr);
}

}  // namespace

double learning_rate(const config::Train& options, std::int64_t step, std::int64_t steps_per_epoch,
                     const checkpoint::Plateau& plateau) {
  const auto at = static_cast<double>(step);
  const auto steps = static_cast<double>(options.epochs * steps_per_epoch);
  if (options.schedule == config::Schedule::kOneCycle) return one_cycle(options.lr, at, steps);

  const auto warmup = static_cast<double>(options.warmup_epochs * steps_per_epoch);
  if (at < warmup) return options.lr * (at + 1) / (warmup + 1);
  switch (options.schedule) {
    case config::Schedule::kPlateau:
      return reduced(options, plateau.scale);
    case config::Schedule::kStep: {
      const auto times = static_cast<double>(step / steps_per_epoch / options.step_epochs);
      return options.lr * std::pow(options.factor, times);
    }
    case config::Schedule::kCosine:
      return cosine(options.lr, options.min_lr, (at - warmup) / (steps - warmup));
    default:
      return options.lr;
  }
}

checkpoint::Plateau plateau_after(checkpoint::Plateau plateau, double value, Metric::Better better,
                                  const config::Train& options) {
  if (options.schedule != config::Schedule::kPlateau) return plateau;
  constexpr double kThreshold = 1e-4, kLeastChange = 1e-8;
  const double margin = better == Metric::Better::kHigher ? 1 + kThreshold : 1 - kThreshold;
  if (is_better(value, plateau.best * margin, better)) {
    plateau.best = value;
    plateau.bad_epochs = 0;
    return plateau;
  }
  if (++plateau.bad_epochs <= options.plateau_patience) return plateau;
  plateau.bad_epochs = 0;
  const double now = reduced(options, plateau.scale);
  const double next = std::max(now * options.factor, options.min_lr);
  if (now - next > kLeastChange) plateau.scale = next / options.lr;
  return plateau;
}

}  // namespace chorale::train
