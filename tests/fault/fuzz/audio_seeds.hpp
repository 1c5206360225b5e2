// Sound audio files of every kind that is decoded, as short as they can be, so that mutations hit headers
// too.
#pragma once

#include <string>
#include <vector>

namespace chorale::fuzz {

struct AudioKind {
  std::string extension, name;
  int format = 0;  // of libsndfile
  int rate = 0, channels = 0;
};

std::vector<AudioKind> audio_kinds();

// The bytes of a file with 0.25 s of a tone and an artist's tag.
std::string make_audio(const AudioKind& kind);

}  // namespace chorale::fuzz
