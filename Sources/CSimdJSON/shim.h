// simdjson is C++: it is reached from CJSON alone; this target only carries its flags.
