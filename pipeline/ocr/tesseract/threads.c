// Tesseract asks libgomp for a team of threads at every step of its networks. One
// process reads one page here, with one thread (threads of its own make it slower),
// and a team of one costs memory taken and given back each time. These stand before
// libgomp's functions of the same names for all of the process: the dynamic linker
// takes a program's symbols first. They do what libgomp does when it is left one
// thread. Without effect, and without harm, on a Tesseract built without OpenMP.

// The sections of the construct at hand, and those begun.
static _Thread_local unsigned sections, begun;

void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags) { body(data); }

void GOMP_parallel_sections(void (*body)(void *), void *data, unsigned threads, unsigned count, unsigned flags) {
  unsigned outer_sections = sections, outer_begun = begun;
  sections = count;
  begun = 0;
  body(data);
  sections = outer_sections;
  begun = outer_begun;
}

unsigned GOMP_sections_next(void) { return begun < sections ? ++begun : 0; }

void GOMP_sections_end_nowait(void) {}

int omp_get_num_threads(void) { return 1; }

int omp_get_thread_num(void) { return 0; }
