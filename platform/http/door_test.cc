// The door as a stranger meets it: raw bytes on a socket, good and bad.

#include "platform/http/door.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "asc/counter/v1/counter.pb.h"
#include "google/protobuf/util/json_util.h"
#include "platform/db/database.h"
#include "platform/http/http_server.h"
#include "platform/rpc/server.h"
#include "platform/rpc/testing/counter_service.h"

namespace asc::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Stands in every bad request; no answer may repeat it.
constexpr char kSecret[] = "SPYWORD";

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    // Far longer than anything here should take: only a hang meets it.
    timeval timeout{.tv_sec = 30, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }
  // False when the server has closed before it had everything.
  bool Send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto n = send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }
  void HalfClose() { shutdown(fd_, SHUT_WR); }

  // One response: status line, headers and body by Content-Length. Empty when the peer closed.
  std::string Receive() {
    std::string text = std::move(rest_);
    rest_.clear();
    std::size_t end;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
      if (!More(text)) return text;
    }
    std::size_t length = 0;
    if (const auto at = text.find("Content-Length: "); at < end) {
      length = std::stoul(text.substr(at + 16));
    }
    while (text.size() < end + 4 + length) {
      if (!More(text)) break;
    }
    rest_ = text.substr(std::min(text.size(), end + 4 + length));
    text.resize(text.size() - rest_.size());
    return text;
  }

 private:
  bool More(std::string& text) {
    char buffer[65536];
    const auto n = recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    text.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  int fd_;
  bool connected_ = false;
  std::string rest_;
};

int StatusOf(const std::string& response) {
  return response.size() > 12 ? std::atoi(response.c_str() + 9) : 0;
}

std::string Post(const std::string& path, const std::string& body,
                 const std::string& headers = "Content-Type: application/json\r\n") {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: x\r\n", headers,
                      "Content-Length: ", body.size(), "\r\n\r\n", body);
}

std::string Get(const std::string& path, const std::string& headers = "") {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\n", headers, "\r\n");
}

constexpr char kEcho[] = "/v1/authorities/north:echo";
constexpr char kAdd[] = "/v1/authorities/north/counters/c1:add";

class DoorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = *db::Open("sqlite::memory:");
    ASSERT_TRUE(database_->Migrate(rpc::CounterSchema()).ok());
    rpc::ServerOptions options{.name = "counter", .adapter = {.development_identity = true}};
    server_ = *rpc::Server::Start(options, database_.get(), nullptr, {&rpc::NewCounterService});
    client_ = rpc::NewClient(absl::StrCat("localhost:", server_->port()));
    auto door = Door::Start({.listen = "localhost:0",
                             .services = {"asc.counter.v1.CounterService"},
                             .client = [this](const Outgoing& outgoing) -> rpc::Client* {
                               return outgoing.authority == "nowhere" ? nullptr : client_.get();
                             },
                             .documents = {{"/openapi.json", "{}"}}});
    ASSERT_TRUE(door.ok()) << door.status();
    door_ = *std::move(door);
  }
  void TearDown() override {
    door_->Stop();
    server_->Stop();
  }

  std::string Ask(const std::string& bytes) {
    Socket socket(door_->port());
    socket.Send(bytes);
    return socket.Receive();
  }

  std::unique_ptr<db::Database> database_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> client_;
  std::unique_ptr<Door> door_;
};

TEST_F(DoorTest, AnswersInJson) {
  const auto response = Ask(Post(kEcho, R"({"text":"hello"})"));
  EXPECT_EQ(StatusOf(response), 200) << response;
  EXPECT_THAT(response, HasSubstr(R"("text":"hello")"));
  EXPECT_THAT(response, HasSubstr("Content-Type: application/json"));
}

TEST_F(DoorTest, TakesKeyAndEtagFromHeadersAndGivesTheEtag) {
  const std::string json = "Content-Type: application/json\r\n";
  const auto first = Ask(Post(kAdd, R"({"amount":"5"})", json + "Idempotency-Key: request-1\r\n"));
  ASSERT_EQ(StatusOf(first), 200) << first;
  EXPECT_THAT(first, HasSubstr("ETag: \"1\""));
  const auto repeat = Ask(Post(kAdd, R"({"amount":"5"})", json + "Idempotency-Key: request-1\r\n"));
  EXPECT_EQ(first.substr(first.find("\r\n\r\n")), repeat.substr(repeat.find("\r\n\r\n")));
  const auto stale = Ask(
      Post(kAdd, R"({"amount":"5"})", json + "Idempotency-Key: request-2\r\nIf-Match: \"9\"\r\n"));
  EXPECT_EQ(StatusOf(stale), 412) << stale;
  EXPECT_THAT(stale, HasSubstr("current_etag"));
  const auto other = Ask(Post(kAdd, R"({"amount":"6"})", json + "Idempotency-Key: request-1\r\n"));
  EXPECT_EQ(StatusOf(other), 409) << other;
  const auto without = Ask(Post(kAdd, R"({"amount":"5","etag":"\"9\"","requestId":"request-3"})"));
  EXPECT_EQ(StatusOf(without), 409) << without;
  EXPECT_EQ(StatusOf(Ask(Get("/v1/authorities/north/counters/c1"))), 200);
  EXPECT_EQ(StatusOf(Ask(Get("/v1/authorities/north/counters/c2"))), 404);
}

TEST_F(DoorTest, KeepsAConnectionForManyRequests) {
  Socket socket(door_->port());
  for (int i = 0; i < 50; ++i) {
    socket.Send(Post(kEcho, R"({"text":"again"})"));
    ASSERT_EQ(StatusOf(socket.Receive()), 200) << i;
  }
  // Two at once on one connection are answered in order.
  socket.Send(Post(kEcho, R"({"text":"one"})") + Post(kEcho, R"({"text":"two"})"));
  EXPECT_THAT(socket.Receive(), HasSubstr("one"));
  EXPECT_THAT(socket.Receive(), HasSubstr("two"));
}

TEST_F(DoorTest, MirrorsTheCorrelationIdAlsoOfErrors) {
  EXPECT_THAT(Ask(Get("/nothing", "X-Correlation-Id: abc-1\r\n")),
              HasSubstr("X-Correlation-Id: abc-1"));
}

TEST_F(DoorTest, AnswersHeadWithoutABodyAndGoesOn) {
  Socket socket(door_->port());
  socket.Send("HEAD /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
  socket.Send(Get("/openapi.json"));
  // The first answer's length is that of a body that does not come, so both arrive as one text.
  auto both = socket.Receive();
  both += socket.Receive();
  EXPECT_EQ(StatusOf(both), 200);
  EXPECT_NE(both.find("HTTP/1.1 200", 10), std::string::npos) << both;
}

TEST_F(DoorTest, TakesChunksAndExpect) {
  EXPECT_EQ(StatusOf(Ask("POST /v1/authorities/north:echo HTTP/1.1\r\nHost: x\r\n"
                         "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "5\r\n{\"tex\r\n9\r\nt\":\"abc\"}\r\n0\r\n\r\n")),
            200);
  Socket socket(door_->port());
  socket.Send(
      "POST /v1/authorities/north:echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
      "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(StatusOf(socket.Receive()), 100);
  socket.Send("{}");
  EXPECT_EQ(StatusOf(socket.Receive()), 200);
}

TEST_F(DoorTest, SaysWhenNobodyServesAnAuthority) {
  EXPECT_EQ(StatusOf(Ask(Get("/v1/authorities/nowhere/counters/c1"))), 501);
}

TEST_F(DoorTest, SaysThatAServiceDoesNotServeAMethod) {
  const rpc::ServerOptions options{.name = "empty", .adapter = {.development_identity = true}};
  const auto empty = *rpc::Server::Start(options, database_.get(), nullptr, {});
  const auto client = rpc::NewClient(absl::StrCat("localhost:", empty->port()));
  const auto door = *Door::Start({.listen = "localhost:0",
                                  .services = {"asc.counter.v1.CounterService"},
                                  .client = [&client](const Outgoing&) { return client.get(); },
                                  .documents = {}});
  Socket socket(door->port());
  socket.Send(Get("/v1/authorities/north/counters/c1"));
  const std::string answer = socket.Receive();
  EXPECT_EQ(StatusOf(answer), 501) << answer;
  EXPECT_THAT(answer, HasSubstr("does not serve this method"));
  EXPECT_THAT(answer, HasSubstr("NOT_SERVED"));
  door->Stop();
  empty->Stop();
}

// RFC 9112, 3.2.2: what a client writes that takes the door for a proxy.
TEST_F(DoorTest, TakesAWholeAddressForItsPath) {
  for (const char* address : {"http://x/openapi.json", "HTTPS://x:80/openapi.json"}) {
    EXPECT_EQ(StatusOf(Ask(Get(address))), 200) << address;
  }
  EXPECT_EQ(StatusOf(Ask(Get("http://x/v1/authorities/north/counters/c2"))), 404);
  for (const char* address : {"http://x", "http://x?a=/openapi.json", "ftp://x/openapi.json"}) {
    EXPECT_EQ(StatusOf(Ask(Get(address))), 404) << address;
  }
}

struct Bad {
  std::string name;
  std::string bytes;
  int status;
};

// None of these is JSON.
const char* const kNotJson[] = {"",
                                " ",
                                "{",
                                "}",
                                "[",
                                "]",
                                "[]",
                                "[{}]",
                                "null",
                                "true",
                                "5",
                                "\"SPYWORD\"",
                                "{}{}",
                                "{},",
                                "{}x",
                                "{'text':'SPYWORD'}",
                                "{text:\"SPYWORD\"}",
                                "{\"text\":\"SPYWORD\",}",
                                "{\"text\":\"SPYWORD\"",
                                "{\"text\"}",
                                "{\"text\":}",
                                "{\"text\" \"SPYWORD\"}",
                                "{,}",
                                "{\"number\":01}",
                                "{\"number\":NaN}",
                                "{\"number\":Infinity}",
                                "{\"number\":+1}",
                                "{\"number\":.5}",
                                "{\"number\":1.}",
                                "{\"number\":1e}",
                                "{\"number\":0x10}",
                                "{\"number\":--1}",
                                "{\"text\":\"\\x41\"}",
                                "{\"text\":\"\\u12\"}",
                                "{\"text\":\"a\nb\"}",
                                "{\"text\":\"a\tb\"}",
                                "/* SPYWORD */{}",
                                "// SPYWORD\n{}",
                                "{\"flag\":tru}",
                                "{\"flag\":True}",
                                "{\"text\":nul}",
                                "{\"text\":undefined}",
                                "\xef\xbb\xbf{}",
                                "{\"text\":\"\\ud800\"}",
                                "{\"text\":\"\\udc00SPYWORD\"}",
                                "{\"text\":\"\\ud800\\u0041\"}",
                                "{\"text\":\"\xc3\x28\"}",
                                "{\"text\":\"\xc0\xaf\"}",
                                "{\"text\":\"\xed\xa0\x80\"}",
                                "{\"text\":\"\xf5\x80\x80\x80\"}",
                                "{\"text\":\"\xff\"}",
                                "{\"\xff\":1}",
                                "{\"text\":\"\\u0000\"}"};

std::vector<Bad> BadJson() {
  std::vector<Bad> list;
  const auto add = [&list](const std::string& name, const std::string& body) {
    list.push_back({name, Post(kEcho, body), 400});
  };
  for (const char* body : kNotJson) {
    add(absl::StrCat("not JSON ", list.size()), body);
  }
  add("NUL inside", std::string("{\"text\":\0\"a\"}", 12));
  add("NUL behind", std::string("{}\0", 3));
  for (const int depth : {33, 100, 10000, 400000}) {
    add(absl::StrCat("lists ", depth, " deep"),
        "{\"x\":" + std::string(static_cast<std::size_t>(depth), '['));
  }
  std::string objects;
  for (int i = 0; i < 40; ++i) objects += "{\"item\":";
  add("objects 40 deep", objects);
  return list;
}

// JSON, but not the request's.
const char* const kBadFields[] = {
    R"({"SPYWORD":1})",
    R"({"item":{"SPYWORD":1}})",
    R"({"text":1})",
    R"({"text":true})",
    R"({"text":[]})",
    R"({"text":{}})",
    R"({"text":["SPYWORD"]})",
    R"({"item":"SPYWORD"})",
    R"({"item":[]})",
    R"({"item":7})",
    R"({"items":{}})",
    R"({"items":"SPYWORD"})",
    R"({"items":[1]})",
    R"({"items":[null]})",
    R"({"items":[[]]})",
    R"({"items":[{"name":1}]})",
    R"({"colour":"SPYWORD"})",
    R"({"colour":7})",
    R"({"colour":-1})",
    R"({"colour":true})",
    R"({"colour":[]})",
    R"({"colours":"COLOUR_RED"})",
    R"({"colours":["SPYWORD"]})",
    R"({"number":"SPYWORD"})",
    R"({"number":1.5})",
    R"({"number":1e3})",
    R"({"number":true})",
    R"({"number":2147483648})",
    R"({"number":-2147483649})",
    R"({"number":99})",
    R"({"number":[]})",
    R"({"large":9223372036854775808})",
    R"({"large":"1 "})",
    R"({"large":""})",
    R"({"at":"SPYWORD"})",
    R"({"at":5})",
    R"({"at":"2025-02-30T00:00:00Z"})",
    R"({"at":"2025-02-13"})",
    R"({"at":{}})",
    R"({"flag":"true"})",
    R"({"flag":1})",
    R"({"data":"*SPYWORD*"})",
    R"({"data":5})",
    R"({"labels":[]})",
    R"({"labels":"SPYWORD"})",
    R"({"labels":{"a":1}})",
    R"({"labels":{"a":{}}})",
    R"({"fraction":"SPYWORD"})",
    R"({"mask":{"paths":["SPYWORD"]}})",
    R"({"mask":"SPY_WORD,a_b"})",
    R"({"mask":5})",
    R"({"fraction":1e999})",
    R"({"text":"a","text":"SPYWORD"})",
    R"({"item":{"name":"a","name":"SPYWORD"}})",
    R"({"labels":{"a":"1","a":"SPYWORD"}})",
    R"({"authority":"SPYWORD"})",
    R"({"authority":"south"})",
    R"({"text":"forbidden"})",
    R"({"item":{}})",
    R"({"item":{"name":"SPYWORDSPYWORDSPYWORD"}})",
    R"({"item":{"name":"a","postcode":"SPYWORD"}})",
    R"({"items":[{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"}]})"};

std::vector<Bad> BadFields() {
  std::vector<Bad> list;
  for (const char* body : kBadFields) {
    list.push_back({absl::StrCat("field ", body), Post(kEcho, body), 400});
  }
  return list;
}

const std::string kSpy = kSecret;
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kKey = "Idempotency-Key: request-1\r\n";

std::string ManyHeaders() {
  std::string many;
  for (int i = 0; i < 70; ++i) absl::StrAppend(&many, "X-", i, ": a\r\n");
  return many;
}

// Not HTTP, or not a request that is served.
const std::vector<Bad> kBadHttp = {
    {"no such path", Get("/" + kSpy), 404},
    {"root", Get("/"), 404},
    {"empty segment", Get("/v1/authorities//counters/c1"), 404},
    {"dots", Get("/v1/authorities/../../etc/" + kSpy), 404},
    {"encoded slash dots", Get("/v1/%2e%2e/%2e%2e/" + kSpy), 404},
    {"bad percent", Get("/v1/authorities/north/counters/%zz" + kSpy), 404},
    {"percent NUL", Get("/v1/authorities/north/counters/%00" + kSpy), 404},
    {"id with a space", Get("/v1/authorities/north/counters/a%20" + kSpy), 400},
    {"id of bad UTF-8", Get("/v1/authorities/north/counters/%ff" + kSpy), 400},
    {"authority in capitals", Get("/v1/authorities/" + kSpy + "/counters/c1"), 400},
    {"unknown query", Get("/v1/authorities/north/counters/c1?" + kSpy + "=1"), 400},
    {"bad query percent", Get("/v1/authorities/north/counters/c1?a=%" + kSpy), 400},
    {"query without name", Get("/v1/authorities/north/counters/c1?=" + kSpy), 400},
    {"query against the path", Get("/v1/authorities/north/counters/c1?authority=south"), 400},
    {"query twice", Get("/v1/authorities/north/counters/c1?authority=north&authority=north"), 400},
    {"body with GET",
     "GET /v1/authorities/north/counters/c1 HTTP/1.1\r\nHost: x\r\n"
     "Content-Length: 7\r\n\r\nSPYWORD",
     400},
    {"wrong method", "DELETE /v1/authorities/north/counters/c1 HTTP/1.1\r\nHost: x\r\n\r\n", 405},
    {"GET of a verb", Get(kEcho), 405},
    {"odd method", "SPYWORD /v1/authorities/north/counters/c1 HTTP/1.1\r\nHost: x\r\n\r\n", 405},
    {"TRACE", "TRACE /v1/authorities/north/counters/c1 HTTP/1.1\r\nHost: x\r\n\r\n", 405},
    {"no content type", Post(kEcho, "{}", ""), 415},
    {"text", Post(kEcho, "{}", "Content-Type: text/plain\r\n"), 415},
    {"form", Post(kEcho, "a=b", "Content-Type: application/x-www-form-urlencoded\r\n"), 415},
    {"json-like", Post(kEcho, "{}", "Content-Type: application/jsonp\r\n"), 415},
    {"xml", Post(kEcho, "<a/>", "Content-Type: application/xml\r\n"), 415},
    {"gzip", Post(kEcho, "\x1f\x8b" + kSpy, kJson + "Content-Encoding: gzip\r\n"), 415},
    {"no request line", "\r\n\r\n\r\n\r\nSPYWORD\r\n\r\n", 400},
    {"not HTTP", "SPYWORD\r\n\r\n", 400},
    {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03SPYWORD", 18), 400},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"HTTP/3.0", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 400},
    {"bad version", "GET / HTTX/1.1\r\nHost: x\r\n\r\n", 400},
    {"no version", "GET /\r\nHost: x\r\n\r\n", 400},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"tab in request line", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"control in target", "GET /\x01SPYWORD HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"no host", "GET /openapi.json HTTP/1.1\r\n\r\n", 400},
    {"two hosts", "GET /openapi.json HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"space before colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
    {"no colon", "GET / HTTP/1.1\r\nHost: x\r\nSPYWORD\r\n\r\n", 400},
    {"empty header name", "GET / HTTP/1.1\r\nHost: x\r\n: SPYWORD\r\n\r\n", 400},
    {"underscore header", "GET / HTTP/1.1\r\nHost: x\r\nX_Spy: SPYWORD\r\n\r\n", 400},
    {"control in header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n", 400},
    {"NUL in header", std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 35), 400},
    {"bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400},
    {"length not a number", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: SPYWORD\r\n\r\n", 400},
    {"negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
    {"length with plus", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400},
    {"huge length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
     400},
    {"two lengths",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
    {"length and chunks",
     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"chunks and length",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
     "Content-Length: 2\r\n\r\n0\r\n\r\n",
     400},
    {"chunk size not hex",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "zz\r\nSPYWORD\r\n0\r\n\r\n",
     400},
    {"chunk without end",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "2\r\n{}x\r\n0\r\n\r\n",
     400},
    {"chunk size too large",
     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
     400},
    {"unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: SPYWORD\r\n\r\n{}", 400},
    {"other expectation",
     "POST / HTTP/1.1\r\nHost: x\r\nExpect: SPYWORD\r\nContent-Length: 2\r\n"
     "\r\n{}",
     417},
    {"body over the limit", Post(kEcho, std::string(kBodyBytesMax + 1, 'a'), kJson), 413},
    {"announced over the limit", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n",
     413},
    {"target over the limit", Get("/" + std::string(kTargetBytesMax, 'a')), 414},
    {"header over the limit", Get("/", "A: " + std::string(kHeaderBytesMax, 'a') + "\r\n"), 431},
    {"too many headers", Get("/", ManyHeaders()), 431},
    {"key in header and body differ",
     Post(kAdd, R"({"requestId":"request-1"})", kJson + "Idempotency-Key: SPYWORD-2\r\n"), 400},
    {"key too short", Post(kAdd, "{}", kJson + "Idempotency-Key: a\r\n"), 400},
    {"no key", Post(kAdd, "{}"), 400},
    {"etag without quotes",
     Post(kAdd, "{}",
          kJson + "Idempotency-Key: request-1\r\n"
                  "If-Match: SPYWORD\r\n"),
     400},
    {"two keys", Post(kAdd, "{}", kJson + kKey + "Idempotency-Key: SPYWORD-2\r\n"), 400},
    {"two equal keys", Post(kAdd, "{}", kJson + kKey + kKey), 400},
    {"two etags", Post(kAdd, "{}", kJson + kKey + "If-Match: \"1\"\r\nif-match: \"2\"\r\n"), 400},
    {"a list of etags", Post(kAdd, "{}", kJson + kKey + "If-Match: \"1\", \"2\"\r\n"), 400},
    {"two authorizations",
     Get("/v1/authorities/north/counters/c1",
         "Authorization: Bearer a\r\nAuthorization: Bearer SPYWORD\r\n"),
     400},
    {"two subjects",
     Get("/v1/authorities/north/counters/c1", "asc-subject: a\r\nAsc-Subject: SPYWORD\r\n"), 400},
    {"two content types", Post(kEcho, "{}", kJson + kJson), 400},
    {"two kinds of content", Post(kEcho, "{}", kJson + "Content-Type: text/SPYWORD\r\n"), 400},
    {"content types in one header",
     Post(kEcho, "{}", "Content-Type: application/json, text/plain\r\n"), 415},
    {"latin1", Post(kEcho, "{}", "Content-Type: application/json; charset=latin1\r\n"), 415},
    {"utf-16 in quotes", Post(kEcho, "{}", "Content-Type: application/json;charset=\"utf-16\"\r\n"),
     415},
    {"empty charset", Post(kEcho, "{}", "Content-Type: application/json; charset=\r\n"), 415},
    {"charset without a value", Post(kEcho, "{}", "Content-Type: application/json; charset\r\n"),
     415},
    {"half a quote", Post(kEcho, "{}", "Content-Type: application/json; charset=\"utf-8\r\n"), 415},
    {"two charsets",
     Post(kEcho, "{}", "Content-Type: application/json; charset=utf-8; charset=latin1\r\n"), 415},
    {"any etag", Post(kAdd, "{}", kJson + "Idempotency-Key: request-1\r\nIf-Match: *\r\n"), 400},
};

TEST_F(DoorTest, AnswersEveryBadRequestWithTheRightCodeAndNeverRepeatsIt) {
  std::vector<Bad> all = BadJson();
  for (auto& bad : BadFields()) all.push_back(std::move(bad));
  all.insert(all.end(), kBadHttp.begin(), kBadHttp.end());
  ASSERT_GE(all.size(), 150U);
  for (const Bad& bad : all) {
    Socket socket(door_->port());
    ASSERT_TRUE(socket.connected());
    socket.Send(bad.bytes);
    socket.HalfClose();
    const auto response = socket.Receive();
    EXPECT_EQ(StatusOf(response), bad.status) << bad.name << "\n" << response;
    EXPECT_THAT(response, Not(HasSubstr(kSecret))) << bad.name;
    EXPECT_THAT(response, HasSubstr("\"error\"")) << bad.name;
  }
  EXPECT_EQ(StatusOf(Ask(Post(kEcho, "{}"))), 200);
}

TEST_F(DoorTest, NamesAHeaderThatStandsTwiceAndWritesNothing) {
  const std::string other = "Idempotency-Key: request-2\r\n";
  const std::string match = "If-Match: \"1\"\r\n";
  for (const std::string& twice : {other, kKey, absl::StrCat(match, match), kJson}) {
    const std::string headers = absl::StrCat(kJson, kKey, twice);
    const auto response = Ask(Post(kAdd, R"({"amount":"5"})", headers));
    EXPECT_EQ(StatusOf(response), 400) << headers;
    EXPECT_THAT(response, HasSubstr(": stands more than once")) << headers;
  }
  EXPECT_THAT(Ask(Post(kAdd, R"({"amount":"5"})", kJson + kKey + other)),
              HasSubstr("Idempotency-Key: stands"));
  EXPECT_THAT(Ask(Post(kAdd, R"({"amount":"5"})", kJson + kKey)), HasSubstr(R"("value":"5")"));
}

TEST_F(DoorTest, TakesUtf8HoweverItIsWritten) {
  for (const char* type : {"application/json; charset=utf-8", "application/json;charset=UTF-8",
                           "Application/JSON; Charset=\"Utf-8\"",
                           "application/json; version=1; charset=utf-8", "application/json;"}) {
    EXPECT_EQ(StatusOf(Ask(Post(kEcho, "{}", absl::StrCat("Content-Type: ", type, "\r\n")))), 200)
        << type;
  }
}

TEST_F(DoorTest, NamesFaultsOfTheDoorAndOfTheServiceTogether) {
  const auto response =
      Ask(Post(kEcho, R"({"text":5,"item":{"postcode":"x"},"number":99,"colour":"BLUE"})"));
  EXPECT_EQ(StatusOf(response), 400);
  for (const char* field :
       {"\"text\"", "\"item.name\"", "\"item.postcode\"", "\"number\"", "\"colour\""}) {
    EXPECT_THAT(response, HasSubstr(absl::StrCat("\"field\":", field)));
  }
}

int ThreadsOfThisProcess() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "Threads:")) return std::atoi(line.c_str() + 8);
  }
  return 0;
}

// A few of both ends in one process; tests/workflow shows it with as many as are promised.
TEST_F(DoorTest, IdleConnectionsCostNoThreads) {
  constexpr int kCount = 200;
  EXPECT_EQ(StatusOf(Ask(Post(kEcho, "{}"))), 200);
  const int before = ThreadsOfThisProcess();
  std::vector<std::unique_ptr<Socket>> idle;
  for (int i = 0; i < kCount; ++i) {
    idle.push_back(std::make_unique<Socket>(door_->port()));
    ASSERT_TRUE(idle.back()->connected()) << i;
  }
  EXPECT_EQ(StatusOf(Ask(Post(kEcho, "{}"))), 200);
  EXPECT_LE(ThreadsOfThisProcess(), before + 2);
  idle.front()->Send(Post(kEcho, "{}"));
  EXPECT_EQ(StatusOf(idle.front()->Receive()), 200);
}

// A sender who has not finished when it is refused would meet a reset instead of the answer.
TEST_F(DoorTest, LetsTheSenderOfTooMuchReadWhy) {
  const std::string body = Post(kEcho, std::string(6 * kBodyBytesMax, 'a'));
  const std::string chunks =
      "POST /v1/authorities/north:echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n600000\r\n" +
      std::string(0x600000, 'a') + "\r\n0\r\n\r\n";
  const std::string header = Get("/", "A: " + std::string(6 * kBodyBytesMax, 'a') + "\r\n");
  for (int i = 0; i < 10; ++i) {
    for (const auto& [bytes, status] : {std::pair(body, 413), {chunks, 413}, {header, 431}}) {
      Socket socket(door_->port());
      EXPECT_TRUE(socket.Send(bytes)) << "cut off while sending, to be told " << status;
      EXPECT_EQ(StatusOf(socket.Receive()), status);
    }
  }
}

// Whoever goes on sending is cut off in the end.
TEST_F(DoorTest, DoesNotReadARefusedRequestForEver) {
  Socket socket(door_->port());
  const std::string piece(1 << 20, 'a');
  socket.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n");
  int sent = 0;
  while (sent < 200 && socket.Send(piece)) ++sent;
  EXPECT_LT(sent, 200);
}

TEST(HttpServer, ListensOnPortsThatExist) {
  for (const char* listen : {"localhost:65536", "localhost:70000", "localhost:-1", "localhost:x"}) {
    EXPECT_FALSE(HttpServer::Start({.listen = listen}, nullptr).ok()) << listen;
  }
}

TEST_F(DoorTest, AnswersWhatWasTakenInWhenStopping) {
  Socket idle(door_->port());
  EXPECT_EQ(StatusOf(Ask(Post(kEcho, "{}"))), 200);
  door_->Stop();
  EXPECT_EQ(idle.Receive(), "");
}

// Nothing but the handlers' answers is pending, so only they keep the server at work.
TEST(HttpServer, AnswersWhatIsBeingHandledWhenStopping) {
  std::mutex mutex;
  std::vector<std::function<void(Response)>> waiting;
  auto server = HttpServer::Start({.listen = "localhost:0"},
                                  [&](Request, std::function<void(Response)> answer) {
                                    const std::lock_guard lock(mutex);
                                    waiting.push_back(std::move(answer));
                                  });
  ASSERT_TRUE(server.ok()) << server.status();
  constexpr std::size_t kCallers = 4;
  std::vector<std::unique_ptr<Socket>> sockets;
  for (std::size_t i = 0; i < kCallers; ++i) {
    sockets.push_back(std::make_unique<Socket>((*server)->port()));
    sockets.back()->Send(Get("/"));
  }
  const auto handled = [&] {
    const std::lock_guard lock(mutex);
    return waiting.size();
  };
  while (handled() < kCallers) std::this_thread::yield();
  std::thread stop([&server] { (*server)->Stop(); });
  // The acceptor has closed once no new connection is taken.
  while (Socket((*server)->port()).connected()) std::this_thread::yield();
  for (auto& answer : std::exchange(waiting, {})) {
    answer({.status = 200, .headers = {}, .body = "{}"});
  }
  for (auto& socket : sockets) EXPECT_EQ(StatusOf(socket->Receive()), 200);
  stop.join();
}

}  // namespace
}  // namespace asc::http
