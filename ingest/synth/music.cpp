#include "ingest/synth/music.hpp"

#include <fmt/format.h>

#include "ingest/synth/render.hpp"

namespace chorale::synth {

std::string Music::title(std::size_t track) const {
  return fmt::format("{} no. {}", styles()[style(track)].name, number(track) + 1);
}

Artist Music::artist(std::size_t track) const {
  return make_artist(options_.seed, style(track), artist_number(track));
}

Score Music::score(std::size_t track) const {
  return compose(styles()[style(track)], artist(track), options_.seconds, stream("score", track));
}

std::vector<std::int16_t> Music::samples(std::size_t track) const {
  return render(score(track), artist(track), options_.seconds, stream("noise", track));
}

runtime::RandomStream Music::stream(const char* purpose, std::size_t track) const {
  return runtime::RandomStream(
      options_.seed, {runtime::key_of(purpose), runtime::key_of(styles()[style(track)].name), number(track)});
}

}  // namespace chorale::synth
