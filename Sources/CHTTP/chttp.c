#define _GNU_SOURCE
#include "chttp.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// What is called of the library.
#define FUNCTIONS(each)                                                                             \
  each(start_daemon) each(stop_daemon) each(get_connection_values) each(queue_response)             \
      each(create_response_from_buffer_with_free_callback_cls) each(create_response_from_callback)  \
      each(add_response_header) each(destroy_response) each(suspend_connection)                     \
      each(resume_connection) each(set_panic_func)

static struct {
#define MEMBER(name) __typeof__(&MHD_##name) name;
  FUNCTIONS(MEMBER)
} mhd;

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

struct chttp_stream {
  pthread_mutex_t lock;
  atomic_int references;  // the caller's and the connection's
  chttp_server *server;
  struct MHD_Connection *connection;  // NULL when it is over
  bool suspended;
  chttp_read read;
  void *owner;
  chttp_release release;
  chttp_stream *next, *previous;  // under the server's lock
};

struct chttp_server {
  struct MHD_Daemon *daemon;
  chttp_handler handler;
  void *context;
  uint16_t port;
  atomic_bool closing;
  pthread_mutex_t lock;
  chttp_stream *streams;
};

struct header {
  char *name, *value;
  struct header *next;
};

// A request from its first line until it is answered.
struct chttp_request {
  chttp_server *server;
  struct MHD_Connection *connection;
  char *target;
  const char *method;
  bool has_body, begun;
  struct header *headers;  // of the reply, the last first
  struct MHD_Response *response;
  unsigned status;
};

static void panic(void *context, const char *file, unsigned line, const char *reason) {
  (void)context;
  fprintf(stderr, "smnas: libmicrohttpd, %s:%u: %s\n", file, line, reason ? reason : "it gave up");
  abort();
}

static bool load(char *error, size_t capacity) {
  pthread_mutex_lock(&loading);
  bool loaded = mhd.set_panic_func != NULL;
  if (!loaded) {
    void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    const char *problem = library ? NULL : dlerror();
#define FIND(name) \
  if (library && !(mhd.name = (__typeof__(mhd.name))dlsym(library, "MHD_" #name))) problem = "it lacks MHD_" #name;
    FUNCTIONS(FIND)
    if (problem) {
      snprintf(error, capacity, "libmicrohttpd cannot be loaded (%s); install libmicrohttpd12", problem);
      mhd.set_panic_func = NULL;
    } else {
      mhd.set_panic_func(panic, NULL);
      loaded = true;
    }
  }
  pthread_mutex_unlock(&loading);
  return loaded;
}

static void free_headers(chttp_request *request) {
  while (request->headers) {
    struct header *header = request->headers;
    request->headers = header->next;
    free(header->name);
    free(header->value);
    free(header);
  }
}

static void *first_line(void *context, const char *target, struct MHD_Connection *connection) {
  (void)connection;
  chttp_request *request = calloc(1, sizeof *request);
  if (!request) return NULL;
  request->server = context;
  request->target = strdup(target);
  if (request->target) return request;
  free(request);
  return NULL;
}

static void completed(void *context, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code) {
  (void)context, (void)connection, (void)code;
  chttp_request *request = *state;
  if (!request) return;
  free_headers(request);
  free(request->target);
  free(request);
  *state = NULL;
}

// Texts are unescaped where they are looked at, not before.
static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context, (void)connection;
  return strlen(text);
}

static enum MHD_Result find_body(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
  (void)kind;
  bool *found = context;
  if (!strcasecmp(name, "Transfer-Encoding")) *found = true;
  if (!strcasecmp(name, "Content-Length") && value && strcmp(value, "0")) *found = true;
  return MHD_YES;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
  (void)url, (void)version, (void)upload;
  chttp_server *server = context;
  chttp_request *request = *state;
  if (!request) return MHD_NO;
  if (!request->begun) {
    request->begun = true;
    request->connection = connection;
    request->method = method;
    mhd.get_connection_values(connection, MHD_HEADER_KIND, find_body, &request->has_body);
    // What has a body is answered at once, before any of it is read.
    if (!request->has_body) return MHD_YES;
  } else if (*upload_size) {
    return MHD_NO;
  }
  server->handler(server->context, request);
  if (!request->response) return MHD_NO;
  enum MHD_Result queued = MHD_YES;
  for (struct header *each = request->headers; each; each = each->next)
    if (mhd.add_response_header(request->response, each->name, each->value) != MHD_YES) queued = MHD_NO;
  if (queued == MHD_YES) queued = mhd.queue_response(connection, request->status, request->response);
  mhd.destroy_response(request->response);
  request->response = NULL;
  return queued;
}

static int listening(const char *address, uint16_t port, uint16_t *got, char *error, size_t capacity) {
  char service[8];
  snprintf(service, sizeof service, "%u", port);
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found;
  int problem = getaddrinfo(address, service, &hints, &found);
  if (problem) {
    snprintf(error, capacity, "%s", gai_strerror(problem));
    return -1;
  }
  int yes = 1;
  int handle = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_storage bound;
  socklen_t size = sizeof bound;
  if (handle < 0 || setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
      bind(handle, found->ai_addr, found->ai_addrlen) || listen(handle, 256) ||
      getsockname(handle, (struct sockaddr *)&bound, &size)) {
    snprintf(error, capacity, "%s", strerror(errno));
    if (handle >= 0) close(handle);
    freeaddrinfo(found);
    return -1;
  }
  freeaddrinfo(found);
  *got = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                           : ((struct sockaddr_in *)&bound)->sin_port);
  return handle;
}

static void quiet(void *context, const char *format, va_list list) { (void)context, (void)format, (void)list; }

chttp_server *chttp_start(const char *address, uint16_t port, uint32_t threads, uint32_t connections,
                          chttp_handler handler, void *context, char *error, size_t capacity) {
  if (!load(error, capacity)) return NULL;
  chttp_server *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  pthread_mutex_init(&server->lock, NULL);
  server->handler = handler;
  server->context = context;
  int handle = listening(address, port, &server->port, error, capacity);
  if (handle >= 0) {
    server->daemon = mhd.start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer,
        server, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_LISTEN_SOCKET, handle, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)threads, MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
        MHD_OPTION_URI_LOG_CALLBACK, first_line, server, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_END);
    if (server->daemon) return server;
    close(handle);
    snprintf(error, capacity, "libmicrohttpd could not start");
  }
  pthread_mutex_destroy(&server->lock);
  free(server);
  return NULL;
}

uint16_t chttp_port(const chttp_server *server) { return server->port; }

void chttp_stop(chttp_server *server) {
  atomic_store(&server->closing, true);
  // From here on no stream is suspended any more; those that are must go on, or the library ends the process.
  pthread_mutex_lock(&server->lock);
  for (chttp_stream *each = server->streams; each; each = each->next) chttp_wake(each);
  pthread_mutex_unlock(&server->lock);
  mhd.stop_daemon(server->daemon);
  pthread_mutex_destroy(&server->lock);
  free(server);
}

const char *chttp_method(const chttp_request *request) { return request->method; }
const char *chttp_target(const chttp_request *request) { return request->target; }
bool chttp_has_body(const chttp_request *request) { return request->has_body; }

struct visitor {
  chttp_visit visit;
  void *context;
};

static enum MHD_Result visit_one(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
  (void)kind;
  struct visitor *visitor = context;
  visitor->visit(visitor->context, name, value ? value : "");
  return MHD_YES;
}

void chttp_headers(const chttp_request *request, chttp_visit visit, void *context) {
  struct visitor visitor = {visit, context};
  mhd.get_connection_values(request->connection, MHD_HEADER_KIND, visit_one, &visitor);
}

bool chttp_set_header(chttp_request *request, const char *name, const char *value) {
  if (strpbrk(name, "\r\n:") || strpbrk(value, "\r\n")) return false;
  struct header *header = calloc(1, sizeof *header);
  if (!header) return false;
  *header = (struct header){strdup(name), strdup(value), request->headers};
  request->headers = header;
  return header->name && header->value;
}

void chttp_reply_bytes(chttp_request *request, unsigned status, const void *bytes, size_t count, void *owner,
                       chttp_release release) {
  request->status = status;
  request->response =
      mhd.create_response_from_buffer_with_free_callback_cls(count, (void *)bytes, release, owner);
  if (!request->response) release(owner);
}

static void drop(chttp_stream *stream) {
  if (atomic_fetch_sub(&stream->references, 1) > 1) return;
  pthread_mutex_destroy(&stream->lock);
  free(stream);
}

static ssize_t pull(void *context, uint64_t place, char *buffer, size_t capacity) {
  (void)place;
  chttp_stream *stream = context;
  pthread_mutex_lock(&stream->lock);
  intptr_t count = atomic_load(&stream->server->closing) ? -1 : stream->read(stream->owner, buffer, capacity);
  if (count == 0) {
    mhd.suspend_connection(stream->connection);
    stream->suspended = true;
  }
  pthread_mutex_unlock(&stream->lock);
  return count < 0 ? MHD_CONTENT_READER_END_OF_STREAM : count;
}

static void over(void *context) {
  chttp_stream *stream = context;
  pthread_mutex_lock(&stream->server->lock);
  if (stream->previous) stream->previous->next = stream->next;
  else stream->server->streams = stream->next;
  if (stream->next) stream->next->previous = stream->previous;
  pthread_mutex_unlock(&stream->server->lock);
  pthread_mutex_lock(&stream->lock);
  stream->connection = NULL;
  stream->suspended = false;
  pthread_mutex_unlock(&stream->lock);
  stream->release(stream->owner);
  drop(stream);
}

chttp_stream *chttp_reply_stream(chttp_request *request, unsigned status, chttp_read read, void *owner,
                                 chttp_release release) {
  chttp_stream *stream = calloc(1, sizeof *stream);
  if (!stream) return release(owner), NULL;
  pthread_mutex_init(&stream->lock, NULL);
  atomic_init(&stream->references, 2);
  stream->server = request->server;
  stream->connection = request->connection;
  stream->read = read;
  stream->owner = owner;
  stream->release = release;
  request->status = status;
  request->response = mhd.create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, pull, stream, over);
  pthread_mutex_lock(&request->server->lock);
  stream->next = request->server->streams;
  if (stream->next) stream->next->previous = stream;
  request->server->streams = stream;
  pthread_mutex_unlock(&request->server->lock);
  if (request->response) return stream;
  over(stream);
  drop(stream);
  return NULL;
}

void chttp_wake(chttp_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  if (stream->suspended && stream->connection) {
    stream->suspended = false;
    mhd.resume_connection(stream->connection);
  }
  pthread_mutex_unlock(&stream->lock);
}

void chttp_drop(chttp_stream *stream) { drop(stream); }
