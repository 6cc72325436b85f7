// A server for HTTP/1.1 over libmicrohttpd, and deflate over zlib.
//
// libmicrohttpd is loaded when the first server starts: it brings a dozen libraries along, which no other work needs.
#ifndef CHTTP_H
#define CHTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct chttp_server chttp_server;
typedef struct chttp_request chttp_request;
typedef struct chttp_stream chttp_stream;

/// Answers a request by one of the `chttp_reply_` functions, from any of the server's threads. What it does not answer is 500.
typedef void (*chttp_handler)(void *context, chttp_request *request);
/// Lets go of what a reply was made from.
typedef void (*chttp_release)(void *owner);
/// Fills a buffer: how many bytes were written, 0 where there is nothing yet, below 0 at the end.
typedef intptr_t (*chttp_read)(void *owner, char *buffer, size_t capacity);
/// Takes a header of a request.
typedef void (*chttp_visit)(void *context, const char *name, const char *value);

/// Starts a server on a numeric address; port 0 is any that is free.
///
/// NULL when it cannot be, with the reason in `error`, which has room for `capacity` bytes.
chttp_server *chttp_start(const char *address, uint16_t port, uint32_t threads, uint32_t connections,
                          chttp_handler handler, void *context, char *error, size_t capacity);
/// The port that is listened on.
uint16_t chttp_port(const chttp_server *server);
/// Ends all streams, closes all connections and lets the server go. No handler runs any more.
void chttp_stop(chttp_server *server);

/// The method's word.
const char *chttp_method(const chttp_request *request);
/// Path and query as they were sent.
const char *chttp_target(const chttp_request *request);
/// Whether a body comes with it.
bool chttp_has_body(const chttp_request *request);
/// Every header in order.
void chttp_headers(const chttp_request *request, chttp_visit visit, void *context);

/// A header of the reply, before the reply itself; false where the text may not stand in a header.
bool chttp_set_header(chttp_request *request, const char *name, const char *value);
/// Replies with bytes, which stay valid until `release` is called with their owner.
void chttp_reply_bytes(chttp_request *request, unsigned status, const void *bytes, size_t count,
                       void *owner, chttp_release release);
/// Replies with what `read` gives as it comes; NULL when there is no memory. The stream is the caller's, to wake and to drop.
chttp_stream *chttp_reply_stream(chttp_request *request, unsigned status, chttp_read read,
                                 void *owner, chttp_release release);
/// There is something to read again. Never while holding what `read` waits for.
void chttp_wake(chttp_stream *stream);
/// Gives up the handle; the connection goes on until `read` ends it.
void chttp_drop(chttp_stream *stream);

/// Compresses as a whole gzip file; NULL when there is no memory. To be freed with chttp_free.
void *chttp_gzip(const void *bytes, size_t count, size_t *made);
/// Compresses as blocks of raw deflate that end at a byte and refer to nothing before them, so that they may follow any others.
void *chttp_deflate_block(const void *bytes, size_t count, size_t *made);
void chttp_free(void *bytes);

#ifdef __cplusplus
}
#endif
#endif
