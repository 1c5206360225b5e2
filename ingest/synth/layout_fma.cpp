#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "ingest/audio/resample.hpp"
#include "ingest/synth/audio_file.hpp"
#include "ingest/synth/faults.hpp"
#include "ingest/synth/fma_genres.hpp"
#include "ingest/synth/fma_tables.hpp"
#include "ingest/synth/layout.hpp"
#include "ingest/synth/tone.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::synth {
namespace fs = std::filesystem;
namespace {

constexpr std::array kSubsets = {"small", "medium", "large"};
constexpr int kFirstFault = 999'984;  // above every id of a track

std::string clip_path(const char* subset, int id) {
  return fmt::format("fma_{}/{:03}/{:06}.mp3", subset, id / 1000, id);
}

// The last tenth of a style's artists is for testing, the tenth before for validation; at least one each
// where there are three.
const char* split_of(std::size_t artist, std::size_t artists) {
  const std::size_t held = artists < 3 ? artists - 1 : std::max<std::size_t>(1, (artists + 5) / 10);
  if (artist + held >= artists) return "test";
  return artists >= 3 && artist + 2 * held >= artists ? "validation" : "training";
}

class FmaLayout : public Layout {
 public:
  explicit FmaLayout(const Music& music) : music_(music) { require_mp3(Mp3Format{}); }

  std::string path(std::size_t track) const override { return clip_path("large", id(track)); }

  void write_track(const fs::path& folder, std::size_t track) const override {
    write_clip(folder / path(track), track, music_.samples(track));
  }

  void finish(const fs::path& folder) const override {
    std::vector<FmaRow> rows;
    for (std::size_t track = 0; track < music_.size(); ++track) rows.push_back(row(track));
    std::ranges::sort(rows, {}, &FmaRow::id);
    assign_subsets(rows);
    if (music_.options().faults) plant_faults(folder, rows);
    for (const FmaRow& each : rows) link_clip(folder, each.id, each.subset);
    fs::create_directories(folder / "fma_metadata");
    runtime::write_file(folder / "fma_metadata/genres.csv", fma_genres_csv(rows));
    runtime::write_file(folder / "fma_metadata/tracks.csv", fma_tracks_csv(rows));
  }

 private:
  // Styles take turns, with gaps between the ids, over many folders.
  int id(std::size_t track) const {
    const std::size_t place = music_.number(track) * styles().size() + music_.style(track);
    return 1 + static_cast<int>(place * 137 % 999'983);  // a prime: every place has an id of its own
  }

  std::size_t artists() const {
    return std::min(music_.options().artists_per_class, music_.options().tracks_per_class);
  }

  FmaRow row(std::size_t track) const {
    const std::size_t artist = music_.artist_number(track), style = music_.style(track);
    const std::size_t turn = music_.number(track) / music_.options().artists_per_class;
    return {.id = id(track),
            .title = music_.title(track),
            .artist_id = static_cast<int>(artist * styles().size() + style) + 1,
            .artist = music_.artist(track).name,
            .style = std::string(styles()[style].name),
            .album = static_cast<int>(turn / 10) + 1,
            .number = static_cast<int>(turn % 10) + 1,
            .split = split_of(artist, artists()),
            .subset = {},
            .genres = fma_genres_of(music_.score(track), style)};
  }

  // Large is all; medium has one root genre a track; small, within each part, as many of each root: half of
  // what the rarest has.
  static void assign_subsets(std::span<FmaRow> rows) {
    std::map<std::string, std::map<std::string, std::vector<FmaRow*>>> parts;  // by split and root
    for (FmaRow& row : rows) {
      const std::string root = common_root(row.genres);
      row.subset = root.empty() ? "large" : "medium";
      if (!root.empty()) parts[row.split][root].push_back(&row);
    }
    for (auto& [split, roots] : parts) {
      std::size_t rarest = rows.size();
      for (const auto& [root, members] : roots) rarest = std::min(rarest, members.size());
      for (auto& [root, members] : roots) {
        for (std::size_t i = 0; i < (rarest + 1) / 2; ++i) members[i]->subset = "small";
      }
    }
  }

  // Most are 44.1 kHz stereo, some others, whatever the style.
  Mp3Format format(std::size_t track) const {
    switch ((music_.number(track) * styles().size() + music_.style(track)) % 17) {
      case 3:
        return {48000, 2};
      case 8:
        return {44100, 1};
      case 13:
        return {22050, 1};
      default:
        return {44100, 2};
    }
  }

  // The artist stands a little to one side; the mean of the channels is the music.
  void write_clip(const fs::path& file, std::size_t track, const std::vector<std::int16_t>& samples) const {
    std::vector<float> mono(samples.size());
    std::ranges::transform(samples, mono.begin(), [](std::int16_t sample) { return sample / 32768.0F; });
    const Mp3Format target = format(track);
    audio::Resampler resampler(target.rate);
    const auto resampled = resampler.resample(mono, kSampleRate);
    std::vector<float> clip(resampled.begin(), resampled.end());
    const Artist artist = music_.artist(track);
    if (target.channels == 2) {
      const auto aside = static_cast<float>(0.02 * artist.level_db.front());  // -0.08 .. 0.08
      clip.resize(2 * resampled.size());
      for (std::size_t i = 0; i < resampled.size(); ++i) {
        clip[2 * i] = (1.0F + aside) * resampled[i];
        clip[2 * i + 1] = (1.0F - aside) * resampled[i];
      }
    }
    write_mp3(file, target, clip, {artist.name, music_.title(track)});
  }

  // The clip is in the folder of its subset and of every larger one, as FMA's archives overlap: one file
  // under several names where the file system has hard links.
  static void link_clip(const fs::path& folder, int id, std::string_view subset) {
    const fs::path clip = folder / clip_path("large", id);
    if (!fs::exists(clip)) return;
    const auto smallest = std::ranges::find(kSubsets, subset);
    for (auto each = smallest; each != kSubsets.end(); ++each) {
      const fs::path name = folder / clip_path(*each, id);
      if (fs::exists(name)) continue;
      fs::create_directories(name.parent_path());
      std::error_code error;
      fs::create_hard_link(clip, name, error);
      if (error) runtime::write_file(name, runtime::read_file(clip));
    }
  }

  void plant_faults(const fs::path& folder, std::vector<FmaRow>& rows) const {
    const std::size_t tested = artists() - 1;  // a track of an artist who is not track 0's
    const std::string whole = runtime::read_file(folder / path(0));
    int next = kFirstFault;
    const auto listed = [&](std::size_t like) -> fs::path {
      FmaRow& added = rows.emplace_back(row(like));
      added.id = next++;
      added.subset = "small";
      fs::path clip = folder / clip_path("large", added.id);
      fs::create_directories(clip.parent_path());
      return clip;
    };
    const auto beginning = [&](double seconds) {
      auto samples = music_.samples(0);
      samples.resize(std::min(samples.size(), static_cast<std::size_t>(seconds * kSampleRate)));
      return samples;
    };
    write_clip(listed(0), 0, beginning(0.5));
    write_clip(listed(0), 0, beginning(1.6));
    runtime::write_file(listed(0), "");
    runtime::write_file(listed(0), std::string_view(whole).substr(0, whole.size() / 2));
    runtime::write_file(listed(0), noise_bytes(music_.options().seed));
    runtime::write_file(listed(0), whole);
    runtime::write_file(listed(tested), whole);
    listed(0);  // no clip
    write_clip(listed(tested), tested, music_.samples(tested));
    rows.back().genres.push_back(9999);
    runtime::write_file(folder / clip_path("large", next), whole);
    link_clip(folder, next, "small");
  }

  const Music& music_;
};

}  // namespace

const LayoutKind kFmaLayout = {
    "fma",
    "DIR/fma_metadata/tracks.csv and genres.csv, DIR/fma_large/NNN/NNNNNN.mp3 and what of it is fma_medium "
    "and "
    "fma_small",
    R"(all in the subset small and none of them in the ground truth
  999984  0.5 s long                    999989  the bytes of track 1 again
  999985  1.6 s long                    999990  the same bytes, another artist, another split
  999986  empty file                    999991  in tracks.csv, but without a clip
  999987  cut in the middle             999992  one of its genres is not in genres.csv
  999988  noise bytes                   999993  a clip, but not in tracks.csv)",
    [](const Music& music) -> std::unique_ptr<Layout> { return std::make_unique<FmaLayout>(music); }};

}  // namespace chorale::synth
