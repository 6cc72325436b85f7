#ifndef CJSON_H
#define CJSON_H

#include "CJSONBDD.h"
#include "CJSONCoco.h"

#endif
