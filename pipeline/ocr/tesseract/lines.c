#include "lines.h"

#include <dlfcn.h>

static int plain_lines;

void keep_lines_plain(int on) { plain_lines = on; }

// Stands before leptonica's own function of this name for all of the process,
// Tesseract's calls included: the dynamic linker takes a program's symbols first.
l_ok pixWriteMem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format) {
  if (plain_lines && format == IFF_PNG)
    return pixWriteMemSpix(data, size, pix);
  l_ok (*own)(l_uint8 **, size_t *, PIX *, l_int32) = dlsym(RTLD_NEXT, "pixWriteMem");
  return own ? own(data, size, pix, format) : 1;
}
