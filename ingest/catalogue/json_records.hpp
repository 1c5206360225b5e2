// The JSON half of records.hpp. Not for use outside of this folder.
#pragma once

#include "ingest/catalogue/records.hpp"

namespace chorale::catalogue {

std::unique_ptr<Records> json_records(std::string text, const std::string& origin, Problems& problems);

}  // namespace chorale::catalogue
