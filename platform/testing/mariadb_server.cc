#include "platform/testing/mariadb_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/db/mysql_connection.h"
#include "platform/db/mysql_credentials.h"
#include "platform/status/macros.h"

namespace asc::testing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartTimeout(60);
constexpr char kUser[] = "asc_test";
constexpr char kPassword[] = "only for tests";

std::string FindProgram(const std::vector<std::string>& names) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/usr/libexec/"}) {
    for (const std::string& name : names) {
      if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
    }
  }
  return "";
}

// A commit costs no disk there; what is tested is the order of events, not the disk.
std::string DefaultBase() {
  struct statvfs space {};
  constexpr unsigned long long kNeeded = 512ull << 20;
  if (statvfs("/dev/shm", &space) == 0 && access("/dev/shm", W_OK) == 0 &&
      static_cast<unsigned long long>(space.f_bavail) * space.f_frsize > kNeeded) {
    return "/dev/shm";
  }
  return "/tmp";
}

// A port that was free a moment ago.
int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  int port = 0;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  close(listener);
  return port;
}

// The account the server runs under when the caller is root, which it refuses to be.
std::optional<passwd> MySqlAccount() {
  if (geteuid() != 0) return std::nullopt;
  const passwd* const account = getpwnam("mysql");
  if (account == nullptr) return std::nullopt;
  return *account;
}

// In the child, between fork and exec: only async-signal-safe calls.
void BecomeServer(const std::optional<passwd>& account, pid_t parent, int log) {
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (account.has_value() && (setgroups(0, nullptr) != 0 || setgid(account->pw_gid) != 0 ||
                              setuid(account->pw_uid) != 0)) {
    _exit(126);
  }
  // Changing the user clears this, so it comes after.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(125);
}

pid_t Spawn(const std::vector<std::string>& arguments, const std::string& log_file) {
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const auto account = MySqlAccount();
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    BecomeServer(account, parent, log);
    execv(raw[0], raw.data());
    _exit(127);
  }
  close(log);
  return child;
}

}  // namespace

MariaDbServer::MariaDbServer(const Options& options)
    : options_(options),
      folder_(options.base_folder.empty() ? DefaultBase() : options.base_folder, "asc-mariadb"),
      socket_(folder_.File("socket")) {}

MariaDbServer::~MariaDbServer() { Kill(); }

absl::StatusOr<std::unique_ptr<MariaDbServer>> MariaDbServer::Start(const Options& options) {
  std::unique_ptr<MariaDbServer> server(new MariaDbServer(options));
  if (server->folder_.path().empty()) return absl::InternalError("no folder for the data");
  ASC_TRY(server->Install());
  ASC_TRY(server->Launch());
  return server;
}

absl::StatusOr<MariaDbServer*> MariaDbServer::Shared() {
  static const absl::StatusOr<std::unique_ptr<MariaDbServer>> server = Start();
  if (!server.ok()) return server.status();
  return server->get();
}

absl::Status MariaDbServer::Install() {
  const std::string program = FindProgram({"mariadb-install-db", "mysql_install_db"});
  if (program.empty() || FindProgram({"mariadbd", "mysqld"}).empty()) {
    return absl::NotFoundError("MariaDB is not installed (Debian: mariadb-server)");
  }
  const std::string data = folder_.File("data");
  mkdir(data.c_str(), 0700);
  // A server that starts deletes what it takes for leftovers in its folder for temporary tables; in
  // a shared one these would be the tables of a neighbour.
  const std::string temporary = folder_.File("tmp");
  mkdir(temporary.c_str(), 0700);
  if (const auto account = MySqlAccount(); account.has_value()) {
    if (chown(folder_.path().c_str(), account->pw_uid, account->pw_gid) != 0 ||
        chown(data.c_str(), account->pw_uid, account->pw_gid) != 0 ||
        chown(temporary.c_str(), account->pw_uid, account->pw_gid) != 0) {
      return absl::InternalError("the data folder cannot be given to user mysql");
    }
  }
  const pid_t installer =
      Spawn({program, "--no-defaults", "--datadir=" + data, "--tmpdir=" + temporary,
             "--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=normal",
             "--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M",
             "--innodb-data-file-path=ibdata1:4M:autoextend"},
            folder_.File("install.log"));
  int status = 0;
  waitpid(installer, &status, 0);
  if (status != 0) return absl::InternalError("mariadb-install-db failed: " + LogTail());
  std::ofstream(folder_.File("init.sql"))
      << "CREATE USER IF NOT EXISTS '" << kUser << "'@'%' IDENTIFIED BY '" << kPassword << "';\n"
      << "GRANT ALL PRIVILEGES ON *.* TO '" << kUser << "'@'%' WITH GRANT OPTION;\n";
  chmod(folder_.File("init.sql").c_str(), 0644);
  return absl::OkStatus();
}

absl::Status MariaDbServer::Launch() {
  if (port_ == 0) port_ = FreePort();
  std::vector<std::string> arguments = {
      FindProgram({"mariadbd", "mysqld"}),
      "--no-defaults",
      "--datadir=" + folder_.File("data"),
      "--tmpdir=" + folder_.File("tmp"),
      "--socket=" + socket_,
      absl::StrCat("--port=", port_),
      "--bind-address=127.0.0.1",
      "--init-file=" + folder_.File("init.sql"),
      "--log-error=" + folder_.File("data") + "/error.log",
      "--pid-file=" + folder_.File("data") + "/server.pid",
      "--skip-name-resolve",
      "--skip-log-bin",
      "--performance-schema=OFF",
      "--innodb-log-file-size=16M",
      "--innodb-buffer-pool-size=64M",
      "--innodb-data-file-path=ibdata1:4M:autoextend",
      "--innodb-use-native-aio=0",
      "--innodb-buffer-pool-dump-at-shutdown=OFF",
      "--innodb-buffer-pool-load-at-startup=OFF",
      "--innodb-flush-log-at-trx-commit=1",
      "--key-buffer-size=1M",
      "--aria-pagecache-buffer-size=1M",
  };
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  unlink(socket_.c_str());
  pid_ = Spawn(arguments, folder_.File("server.log"));
  if (pid_ < 0) return absl::InternalError("fork failed");
  return WaitUntilReady();
}

absl::Status MariaDbServer::WaitUntilReady() {
  const auto give_up = Clock::now() + kStartTimeout;
  absl::Status answer;
  while (Clock::now() < give_up) {
    answer = Execute("SELECT 1");
    if (answer.ok()) return answer;
    // It listens but does not like what we ask for: waiting will not help.
    if (answer.code() != absl::StatusCode::kUnavailable) break;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::InternalError("mariadbd ended at once: " + LogTail());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return absl::InternalError(
      absl::StrCat("mariadbd does not answer: ", answer.ToString(), "\n", LogTail()));
}

std::string MariaDbServer::LogTail() const {
  std::string text;
  for (const std::string& name :
       {std::string("install.log"), std::string("server.log"), std::string("data/error.log")}) {
    std::ifstream stream(folder_.File(name));
    text.append(std::istreambuf_iterator<char>(stream), {});
  }
  constexpr std::size_t kShown = 2000;
  return text.size() > kShown ? text.substr(text.size() - kShown) : text;
}

absl::Status MariaDbServer::Execute(const std::string& statement) {
  db::MySqlCredentials credentials;
  credentials.socket = socket_;
  credentials.user = kUser;
  credentials.password = kPassword;
  credentials.database = "mysql";
  ASC_TRY_ASSIGN(const auto connection,
                 db::MySqlConnection::Open(credentials, db::MySqlConnection::Use::kMigrate));
  const db::MySqlError error = connection->Execute(statement);
  return error.code == 0 ? absl::OkStatus() : db::MySqlStatus(error);
}

absl::StatusOr<std::string> MariaDbServer::NewDatabase(int port) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    name = absl::StrCat("test_", ++databases_);
  }
  ASC_TRY(Execute(absl::StrCat("CREATE DATABASE ", name)));
  return CredentialsFile(name, port);
}

std::string MariaDbServer::CredentialsFile(const std::string& database, int port) {
  int number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++files_;
  }
  const std::string path = folder_.File(absl::StrCat("credentials_", number));
  close(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  std::ofstream(path) << "host=127.0.0.1\nport=" << (port == 0 ? port_ : port) << "\nuser=" << kUser
                      << "\npassword=" << kPassword << "\ndatabase=" << database << "\n";
  return path;
}

std::string MariaDbServer::DatabaseOf(const std::string& credentials_file) {
  const auto credentials = db::ReadMySqlCredentials(credentials_file);
  return credentials.ok() ? credentials->database : "";
}

void MariaDbServer::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

absl::Status MariaDbServer::Restart() {
  Kill();
  return Launch();
}

void MariaDbServer::Pause() { kill(pid_, SIGSTOP); }

void MariaDbServer::Continue() { kill(pid_, SIGCONT); }

}  // namespace asc::testing
