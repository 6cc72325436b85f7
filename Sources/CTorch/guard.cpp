#include "CTorch.h"
#include <ATen/ATen.h>
