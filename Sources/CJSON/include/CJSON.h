#ifndef CJSON_H
#define CJSON_H

#include "CJSONBDD.h"
#include "CJSONCOCO.h"

#endif
