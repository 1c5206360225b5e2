// The fields of what ranks hand each other of a catalogue: pipeline/runtime/packing.hpp.
#pragma once

#include <concepts>
#include <type_traits>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/plan.hpp"
#include "pipeline/runtime/packing.hpp"

namespace chorale {

// T, or const T when it is packed.
template <class Given, class T>
concept Either = std::same_as<std::remove_const_t<Given>, T>;

namespace dataset {

void pack_fields(auto& visit, Either<Label> auto& label) {
  visit(label.known);
  visit(label.classes);
  visit(label.value);
}

void pack_fields(auto& visit, Either<Task> auto& task) {
  visit(task.name);
  visit(task.kind);
  visit(task.classes);
}

void pack_fields(auto& visit, Either<Track> auto& track) {
  visit(track.id);
  visit(track.path);
  visit(track.group);
  visit(track.split);
  visit(track.labels);
  visit(track.variant);
}

}  // namespace dataset

namespace tree {

void pack_fields(auto& visit, Either<Entry> auto& entry) {
  visit(entry.path);
  visit(entry.bytes);
  visit(entry.place);
}

}  // namespace tree

namespace catalogue {

void pack_fields(auto& visit, Either<Entry> auto& entry) {
  visit(entry.track);
  visit(entry.bytes);
  visit(entry.place);
  visit(entry.features);
  visit(entry.features_file);
}

void pack_fields(auto& visit, Either<Refused> auto& refused) {
  visit(refused.path);
  visit(refused.stage);
  visit(refused.reason);
}

void pack_fields(auto& visit, Either<Precomputed> auto& precomputed) {
  visit(precomputed.bins);
  visit(precomputed.width);
  visit(precomputed.columns);
}

}  // namespace catalogue

namespace ingest {

void pack_fields(auto& visit, Either<Part> auto& part) {
  visit(part.entries);
  visit(part.refused);
}

void pack_fields(auto& visit, Either<Shard> auto& shard) {
  visit(shard.number);
  visit(shard.tracks);
  visit(shard.bytes);
  visit(shard.catalogue_hash);
  visit(shard.part_offset);
  visit(shard.part_size);
}

void pack_fields(auto& visit, Either<Plan> auto& plan) {
  visit(plan.tasks);
  visit(plan.shards);
  visit(plan.precomputed);
}

}  // namespace ingest
}  // namespace chorale
