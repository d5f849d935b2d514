// The HTTP half of the load generator: a keep-alive connection for each caller.

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/bench/load.h"

namespace asc::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Error = beast::error_code;
using Tcp = asio::ip::tcp;

// The connection of one caller, who has one request out at a time, so nothing here is locked.
class Line {
 public:
  explicit Line(asio::io_context& io) : stream_(io) {}

  void Connect(const Tcp::resolver::results_type& where) {
    Error error;
    asio::connect(stream_.socket(), where, error);
    if (error) return Fail("cannot connect", error);
    stream_.socket().set_option(Tcp::no_delay(true), error);
  }

  void Send(const grpc::Slice& request, bool wants_answer, Connections::Done done) {
    request_ = request;
    wants_answer_ = wants_answer;
    done_ = std::move(done);
    stream_.expires_after(kCallTimeout);
    asio::async_write(stream_, asio::buffer(request_.begin(), request_.size()),
                      [this](const Error& error, std::size_t) {
                        if (error) return Fail("cannot send", error);
                        Receive();
                      });
  }

 private:
  void Receive() {
    parser_.emplace();
    parser_->body_limit(boost::none);
    bhttp::async_read(stream_, buffer_, *parser_, [this](const Error& error, std::size_t) {
      if (error) return Fail("no answer", error);
      auto& answer = parser_->get();
      const auto done = std::exchange(done_, nullptr);
      if (answer.result() != bhttp::status::ok) {
        return done(absl::UnknownError(
            absl::StrCat("HTTP ", answer.result_int(), ": ", answer.body().substr(0, 300))));
      }
      done(wants_answer_ ? std::move(answer.body()) : std::string());
    });
  }

  void Fail(const char* what, const Error& error) {
    const auto done = std::exchange(done_, nullptr);
    if (done) done(absl::UnavailableError(absl::StrCat(what, ": ", error.message())));
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<bhttp::response_parser<bhttp::string_body>> parser_;
  grpc::Slice request_;
  bool wants_answer_ = false;
  Connections::Done done_;
};

class HttpConnections final : public Connections {
 public:
  HttpConnections(const std::string& address, int callers, int threads) {
    for (int i = 0; i < threads; ++i) {
      loops_.push_back(std::make_unique<asio::io_context>(1));
      working_.emplace_back(loops_.back()->get_executor());
    }
    const auto colon = address.rfind(':');
    Tcp::resolver resolver(*loops_[0]);
    const auto where = resolver.resolve(address.substr(0, colon), address.substr(colon + 1));
    for (int caller = 0; caller < callers; ++caller) {
      lines_.push_back(
          std::make_unique<Line>(*loops_[static_cast<std::size_t>(caller) % loops_.size()]));
      lines_.back()->Connect(where);
    }
    for (auto& loop : loops_) threads_.emplace_back([&loop] { loop->run(); });
  }

  ~HttpConnections() override {
    for (auto& loop : loops_) loop->stop();
    for (auto& thread : threads_) thread.join();
  }

  void Send(int caller, const Step&, const grpc::Slice& request, bool wants_answer,
            Done done) override {
    lines_[static_cast<std::size_t>(caller)]->Send(request, wants_answer, std::move(done));
  }

 private:
  // One thread runs each, so that what a connection does needs no lock.
  std::vector<std::unique_ptr<asio::io_context>> loops_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> working_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Connections> ConnectHttp(const std::string& address, int callers, int threads) {
  return std::make_unique<HttpConnections>(address, callers, threads);
}

}  // namespace asc::bench
