// What libsndfile leaves of an MP3: the only place that calls libmpg123.
//
// libsndfile decodes MP3 by libmpg123, but ends a file where its Xing header says, or where the bit rate of
// the first frame makes it expect the end. A header that announces too little hides the rest of the
// recording; so does a variable bit rate without a header. Here the file is decoded anew with libsndfile's
// settings (its src/mpeg_decode.c), and goes on where libsndfile stopped. The encoder's padding stays at the
// end.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ingest/tree/byte_stream.hpp"

namespace chorale::audio {

class MpegRest {
 public:
  // `frames`: samples a channel that are known already. The stream must outlive it. Throws DecodeError when
  // libmpg123 fails; all its functions pass on what the stream throws.
  MpegRest(const tree::ByteStream& stream, std::uint64_t frames);
  ~MpegRest();

  // The next samples, interleaved; 0 where no frame follows on the last one (a tag, the end), and when all
  // that is left could be an encoder's padding.
  std::size_t read(std::span<float> samples);

 private:
  std::size_t decode(std::span<float> samples);

  struct Source;
  struct CloseDecoder {
    void operator()(void* decoder) const;
  };
  std::unique_ptr<Source> source_;               // what libmpg123 reads from
  std::unique_ptr<void, CloseDecoder> decoder_;  // none at the end
  std::vector<float> ahead_;                     // decoded already
};

}  // namespace chorale::audio
