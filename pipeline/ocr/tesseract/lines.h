#include <leptonica/allheaders.h>

void keep_lines_plain(int on);
