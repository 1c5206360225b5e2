#include <fmt/format.h>

#include "ingest/synth/audio_file.hpp"
#include "ingest/synth/faults.hpp"
#include "ingest/synth/layout.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::synth {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kInsideTheHeader = 20;  // bytes; a WAV header has at least 44

class GtzanLayout : public Layout {
 public:
  explicit GtzanLayout(const Music& music) : music_(music) {}

  std::string path(std::size_t track) const override {
    const auto name = styles()[music_.style(track)].name;
    return fmt::format("genres/{0}/{0}.{1:05}.wav", name, music_.number(track));
  }

  void write_track(const fs::path& folder, std::size_t track) const override {
    write_wav(folder / path(track), music_.samples(track), {music_.artist(track).name, music_.title(track)});
  }

  void finish(const fs::path& folder) const override {
    if (!music_.options().faults) return;
    const std::string name(styles().front().name);
    const fs::path genre = folder / "genres" / name;
    const std::string whole = runtime::read_file(folder / path(0));
    runtime::write_file(genre / (name + ".90000.wav"), "");
    runtime::write_file(genre / (name + ".90001.wav"), std::string_view(whole).substr(0, whole.size() / 2));
    runtime::write_file(genre / (name + ".90002.wav"), std::string_view(whole).substr(0, kInsideTheHeader));
    runtime::write_file(genre / (name + ".90003.wav"), noise_bytes(music_.options().seed));
    runtime::write_file(genre / ("._" + name + ".00000.wav"), apple_double());
  }

 private:
  const Music& music_;
};

}  // namespace

const LayoutKind kGtzanLayout = {
    "gtzan", "DIR/genres/<style>/<style>.000NN.wav: WAV, 22,050 Hz, mono",
    R"(in the folder of the first style, none of them in the ground truth
  bossa.90000.wav    empty
  bossa.90001.wav    header whole, samples cut in the middle
  bossa.90002.wav    cut inside the header
  bossa.90003.wav    noise bytes
  ._bossa.00000.wav  AppleDouble file of macOS)",
    [](const Music& music) -> std::unique_ptr<Layout> { return std::make_unique<GtzanLayout>(music); }};

}  // namespace chorale::synth
