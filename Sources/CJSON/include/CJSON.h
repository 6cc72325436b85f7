#ifndef CJSON_H
#define CJSON_H

#include "CJSONAnnotations.h"
#include "CJSONCoco.h"

#endif
