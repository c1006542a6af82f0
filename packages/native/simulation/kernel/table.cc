#include <algorithm>

#include "kernel/state.h"

namespace simulation {
namespace {

constexpr uint64_t kFirstUptime = 1'000'000'000;
constexpr uint32_t kZombie = 5;  // psutil::State::kZombie
constexpr int32_t kFirstAdded = 50'000;

Process* found(int32_t Process::*number, int32_t wanted) {
  for (Process& process : state().processes) {
    if (process.*number == wanted) return &process;
  }
  return nullptr;
}

bool is_zombie(const Process& process) { return process.state == kZombie; }

void end(const Process& process) {
  if (!is_zombie(process) && process_ended != nullptr) process_ended(process);
}

Process with_status(Process process, int32_t status) {
  process.status = status;
  return process;
}

void add(int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    Process process;
    process.pid = kFirstAdded;
    while (found(&Process::pid, process.pid) != nullptr) process.pid++;
    process.start = state().uptime;
    state().processes.push_back(process);
  }
}

void happen(const Event& event, Outcome& outcome) {
  Process* victim = found(&Process::pid, event.victim);
  switch (event.kind) {
    case Event::Kind::kError:
      outcome.error = event.error.c_str();
      break;
    case Event::Kind::kCut:
      outcome.cut = true;
      outcome.size = static_cast<size_t>(event.number);
      break;
    case Event::Kind::kPatch:
      outcome.patched = true;
      outcome.patch = static_cast<uint64_t>(event.number);
      break;
    case Event::Kind::kAdd:
      add(static_cast<int32_t>(event.number));
      break;
    case Event::Kind::kRemove:
      state().remove(event.victim);
      break;
    case Event::Kind::kRecycle:
      if (victim == nullptr) break;
      end(*victim);
      victim->start += 1000;
      break;
    case Event::Kind::kZombie:
      if (victim == nullptr) break;
      end(*victim);
      victim->state = kZombie;
      break;
    case Event::Kind::kClock:
      state().boot += static_cast<uint64_t>(event.number);
      break;
  }
}

}  // namespace

State& state() {
  static State* made = [] {
    auto* first = new State;
    first->reset();
    return first;
  }();
  return *made;
}

void State::reset() {
  processes.clear();
  events.clear();
  calls.clear();
  boot = kFirstBoot;
  uptime = kFirstUptime;
}

void State::put(const Process& process) {
  const Process* before = found(&Process::pid, process.pid);
  if (before != nullptr && before->start == process.start) {
    // The same one, which has changed.
    if (is_zombie(process) && !is_zombie(*before)) end(with_status(*before, process.status));
    erase(process.pid);
  } else {
    remove(process.pid);
  }
  processes.push_back(process);
}

void State::remove(int32_t pid) {
  const Process* process = found(&Process::pid, pid);
  if (process != nullptr) end(*process);
  erase(pid);
}

void State::erase(int32_t pid) {
  processes.erase(std::remove_if(processes.begin(), processes.end(), [pid](const Process& process) { return process.pid == pid; }),
                  processes.end());
}

Held::Held() { state().mutex.lock(); }
Held::~Held() { state().mutex.unlock(); }

Outcome Held::call(const char* name, int32_t pid) {
  state().calls[name]++;
  Outcome outcome;
  for (Event& event : state().events) {
    if (event.call != name || (event.pid != 0 && event.pid != pid) || event.times == 0) continue;
    if (event.skip > 0) {
      event.skip--;
      continue;
    }
    event.times--;
    happen(event, outcome);
  }
  return outcome;
}

Process* Held::find(int32_t pid) { return found(&Process::pid, pid); }
Process* Held::find_thread(int32_t id) { return id == 0 ? nullptr : found(&Process::thread_id, id); }
size_t Held::count() const { return state().processes.size(); }
Process& Held::at(size_t position) { return state().processes[position]; }
uint64_t Held::boot() const { return state().boot; }
uint64_t Held::uptime() const { return state().uptime; }

}  // namespace simulation
