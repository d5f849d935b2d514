#include "platform/http/http_server.h"

#include <sys/resource.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/log/log.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/listen_address.h"

namespace asc::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Tcp = asio::ip::tcp;
using Error = beast::error_code;

class Connection;

// What connections share with their server. Whoever still holds an answer keeps it, so an answer
// that comes after the server has gone finds something to be given to.
struct Shared {
  explicit Shared(int threads) : io(threads) {}

  asio::io_context io;
  HttpServer::Handler handler;
  std::size_t connections_max = 0;
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable gone;
  std::set<Connection*> connections;
};

// A target as a path: one that is a whole address loses scheme and host (RFC 9112, 3.2.2).
std::string OriginForm(const std::string& target) {
  for (const absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    const auto path = target.find_first_of("/?", scheme.size());
    if (path == std::string::npos) return "/";
    return absl::StrCat(target[path] == '?' ? "/" : "", target.substr(path));
  }
  return target;
}

// The HTTP status for what Beast found wrong with a request; 0: the peer has gone, say nothing.
int StatusOfFault(const Error& error) {
  if (error == bhttp::error::body_limit) return 413;
  if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) return 431;
  if (error == beast::error::timeout) return 408;
  // Anything else from the parser is a malformed request.
  if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category()) {
    return error == bhttp::error::end_of_stream || error == bhttp::error::partial_message ? 0 : 400;
  }
  return 0;
}

const char* WordsFor(int status) {
  switch (status) {
    case 408:
      return "the request took too long to arrive";
    case 413:
      return "the body is larger than 1 MiB";
    case 414:
      return "the request target is longer than 8 KiB";
    case 431:
      return "the headers are larger than 16 KiB or more than 64";
    default:
      return "not a well-formed HTTP/1.1 request";
  }
}

Response FaultResponse(int status) {
  Response response = ErrorResponse(
      rpc::WithReason(absl::InvalidArgumentError(WordsFor(status)), "HTTP_REQUEST"), false, "");
  response.status = status;
  return response;
}

// One peer. Everything runs on its strand; the object lives as long as an operation refers to it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Tcp::socket socket, std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)), stream_(std::move(socket)) {}

  ~Connection() {
    const std::lock_guard lock(shared_->mutex);
    shared_->connections.erase(this);
    if (shared_->connections.empty()) shared_->gone.notify_all();
  }

  void Start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->Wait(); });
  }

  // Closes unless a request is being answered; that one is answered first. The server holds a
  // reference while it calls this.
  void Stop() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (!self->answering_) self->Close();
    });
  }

  std::shared_ptr<Connection> Hold() { return weak_from_this().lock(); }

 private:
  using Parser = bhttp::request_parser<bhttp::string_body>;

  // An idle connection keeps no buffer and no parser: it only waits to become readable.
  void Wait() {
    if (shared_->stopping) return Close();
    if (buffer_.size() > 0) return Read();
    parser_.reset();
    response_.reset();
    buffer_ = beast::flat_buffer(kHeaderBytesMax + kBodyBytesMax);
    stream_.expires_after(kIdleTimeout);
    // A read of nothing would end at once, so one byte is asked for and kept.
    stream_.async_read_some(buffer_.prepare(kFirstReadBytes),
                            [self = shared_from_this()](const Error& error, std::size_t bytes) {
                              if (error) return self->Close();
                              self->buffer_.commit(bytes);
                              self->Read();
                            });
  }

  void Read() {
    answering_ = true;
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    stream_.expires_after(kRequestTimeout);
    bhttp::async_read_header(stream_, buffer_, *parser_,
                             [self = shared_from_this()](const Error& error, std::size_t) {
                               if (error) return self->Refuse(StatusOfFault(error));
                               self->OnHeader();
                             });
  }

  void OnHeader() {
    const auto& message = parser_->get();
    if (message.target().size() > kTargetBytesMax) return Refuse(414);
    int headers = 0;
    int lengths = 0;
    int codings = 0;
    int hosts = 0;
    for (const auto& field : message) {
      ++headers;
      lengths += field.name() == bhttp::field::content_length;
      codings += field.name() == bhttp::field::transfer_encoding;
      hosts += field.name() == bhttp::field::host;
      // A header that proxies read differently is how requests are smuggled.
      if (field.name_string().find('_') != beast::string_view::npos) return Refuse(400);
    }
    if (headers > kHeadersMax) return Refuse(431);
    // Two opinions about where a request ends, or one that we do not understand.
    if (lengths + codings > 1 || (codings == 1 && !parser_->chunked())) return Refuse(400);
    if (message.version() == 11 && hosts != 1) return Refuse(400);
    if (message.method() == bhttp::verb::unknown && message.method_string().empty()) {
      return Refuse(400);
    }
    const auto expect = message[bhttp::field::expect];
    if (expect.empty()) return ReadBody();
    if (!beast::iequals(expect, "100-continue")) return Refuse(417);
    auto go_on = std::make_shared<bhttp::response<bhttp::empty_body>>(bhttp::status::continue_,
                                                                      message.version());
    bhttp::async_write(stream_, *go_on,
                       [self = shared_from_this(), go_on](const Error& error, std::size_t) {
                         if (error) return self->Close();
                         self->ReadBody();
                       });
  }

  void ReadBody() {
    bhttp::async_read(stream_, buffer_, *parser_,
                      [self = shared_from_this()](const Error& error, std::size_t) {
                        if (error) return self->Refuse(StatusOfFault(error));
                        self->OnRequest();
                      });
  }

  void OnRequest() {
    stream_.expires_never();
    auto message = parser_->release();
    keep_alive_ = message.keep_alive() && !shared_->stopping;
    head_only_ = message.method() == bhttp::verb::head;
    Request request;
    request.verb = std::string(message.method_string());
    request.target = OriginForm(std::string(message.target()));
    for (const auto& field : message) {
      request.headers.emplace(absl::AsciiStrToLower(std::string(field.name_string())),
                              std::string(field.value()));
    }
    request.body = std::move(message.body());
    // A browser or a probe that asks with HEAD gets what GET would say, without the body.
    if (head_only_) request.verb = "GET";
    shared_->handler(std::move(request), [self = shared_from_this()](Response response) {
      asio::post(self->stream_.get_executor(), [self, response = std::move(response)]() mutable {
        self->Answer(std::move(response));
      });
    });
  }

  void Refuse(int status) {
    if (status == 0) return Close();
    keep_alive_ = false;
    lingers_ = true;
    Answer(FaultResponse(status));
  }

  void Answer(Response response) {
    response_.emplace();
    response_->version(11);
    response_->result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) response_->insert(name, value);
    response_->set("Cache-Control", "no-store");
    response_->set("X-Content-Type-Options", "nosniff");
    response_->keep_alive(keep_alive_ && !shared_->stopping);
    const std::size_t length = response.body.size();
    if (!head_only_) response_->body() = std::move(response.body);
    response_->content_length(length);
    stream_.expires_after(kRequestTimeout);
    if (!head_only_) {
      bhttp::async_write(stream_, *response_, OnWritten());
      return;
    }
    head_.emplace(*response_);
    bhttp::async_write_header(stream_, *head_, OnWritten());
  }

  std::function<void(const Error&, std::size_t)> OnWritten() {
    return [self = shared_from_this()](const Error& error, std::size_t) {
      self->answering_ = false;
      self->head_only_ = false;
      if (!error && self->lingers_) return self->Linger();
      if (error || !self->response_->keep_alive()) return self->Close();
      self->Wait();
    };
  }

  // A refused request may still be on its way. Closing at once would make the system tell the peer
  // of a broken connection, which then may never read why; so what comes is thrown away for a
  // while.
  void Linger() {
    Error ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    parser_.reset();
    buffer_ = beast::flat_buffer(kDrainBytes);
    stream_.expires_after(kLingerTimeout);
    Drain(kLingerBytesMax);
  }

  void Drain(std::size_t left) {
    stream_.async_read_some(buffer_.prepare(kDrainBytes),
                            [self = shared_from_this(), left](const Error& error, std::size_t n) {
                              if (error || n >= left || self->shared_->stopping) {
                                return self->Close();
                              }
                              self->Drain(left - n);
                            });
  }

  void Close() {
    Error ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    stream_.socket().close(ignored);
  }

  static constexpr std::size_t kFirstReadBytes = 512;
  static constexpr std::size_t kDrainBytes = 16384;

  // Before the stream, which lives in it.
  const std::shared_ptr<Shared> shared_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<bhttp::response<bhttp::string_body>> response_;
  std::optional<bhttp::response_serializer<bhttp::string_body>> head_;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool answering_ = false;
  bool lingers_ = false;
};

// As many descriptors as the system lets us have: a connection is one.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

class HttpServerImpl final : public HttpServer {
 public:
  HttpServerImpl(const HttpServerOptions& options, Handler handler)
      : shared_(std::make_shared<Shared>(options.threads)),
        acceptor_(asio::make_strand(shared_->io)),
        retry_(acceptor_.get_executor()) {
    shared_->handler = std::move(handler);
    shared_->connections_max = options.connections_max;
  }

  ~HttpServerImpl() override { Stop(); }

  absl::Status Listen(const HttpServerOptions& options) {
    const auto address = rpc::ParseListenAddress(options.listen);
    if (!address.ok()) return address.status();
    const auto fault = [&options](const std::string& why) {
      return absl::InvalidArgumentError(absl::StrCat(options.listen, ": cannot listen: ", why));
    };
    RaiseDescriptorLimit();
    Error error;
    Tcp::resolver resolver(shared_->io);
    const auto found = resolver.resolve(address->host, absl::StrCat(address->port), error);
    if (error || found.empty()) return fault("unknown host");
    const Tcp::endpoint endpoint = *found.begin();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fault(error.message());
    port_ = acceptor_.local_endpoint().port();
    working_.emplace(shared_->io.get_executor());
    Accept();
    for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { shared_->io.run(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Stop() override {
    if (shared_->stopping.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      Error ignored;
      acceptor_.close(ignored);
      retry_.cancel();
    });
    {
      std::unique_lock lock(shared_->mutex);
      std::vector<std::shared_ptr<Connection>> held;
      for (Connection* connection : shared_->connections) {
        if (auto alive = connection->Hold()) held.push_back(std::move(alive));
      }
      lock.unlock();
      for (const auto& connection : held) connection->Stop();
      held.clear();
      lock.lock();
      shared_->gone.wait_for(lock, kDrainMax, [this] { return shared_->connections.empty(); });
    }
    working_.reset();
    shared_->io.stop();
    for (auto& thread : threads_) thread.join();
  }

 private:
  static constexpr std::chrono::seconds kDrainMax{20};
  static constexpr std::chrono::milliseconds kAcceptRetry{100};

  void Accept() {
    acceptor_.async_accept(asio::make_strand(shared_->io),
                           [this](const Error& error, Tcp::socket socket) {
                             if (shared_->stopping) return;
                             if (error) {
                               // Out of descriptors, most likely: wait a little instead of
                               // spinning, and never give up.
                               retry_.expires_after(kAcceptRetry);
                               retry_.async_wait([this](const Error& cancelled) {
                                 if (!cancelled) Accept();
                               });
                               return;
                             }
                             Admit(std::move(socket));
                             Accept();
                           });
  }

  void Admit(Tcp::socket socket) {
    Error ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(std::move(socket), shared_);
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->connections.size() < shared_->connections_max) {
        shared_->connections.insert(connection.get());
      } else {
        return Reject(std::move(connection));
      }
    }
    connection->Start();
  }

  // Destroyed outside the lock, which its destructor takes.
  void Reject(std::shared_ptr<Connection> connection) {
    asio::post(shared_->io, [connection = std::move(connection)]() mutable { connection.reset(); });
  }

  const std::shared_ptr<Shared> shared_;
  // Keeps the threads while every connection waits for its handler and nothing else is pending.
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> working_;
  Tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::vector<std::thread> threads_;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                              Handler handler) {
  auto server = std::make_unique<HttpServerImpl>(options, std::move(handler));
  if (auto status = server->Listen(options); !status.ok()) return status;
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace asc::http
