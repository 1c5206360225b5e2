// JSON for people: what `chorale inspect` prints without --json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chorale::inspect {

// An object: first its plain members, one aligned line each; then, under a heading, each table (array of
// objects with the same members), list, longer text and inner object. A table shows at most 100 rows.
std::string as_text(const nlohmann::ordered_json& description);

}  // namespace chorale::inspect
