// Runs the sketch on the terminal that is named. Lines on stdin turn its world: "pin 2 0", "analog 14 150", "wait 10000": its clock
// goes on by so many milliseconds, and never else. Writes of pins are told on stdout: "pin 7 1".
#include "Arduino.h"
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

void setup();
void loop();

static int terminal = -1;
static int levels[32];
static int voltages[32];
static unsigned long now = 0;

unsigned long millis() { return now; }

void pinMode(int pin, int mode) {
  if (mode == INPUT_PULLUP) levels[pin] = HIGH;
}

void digitalWrite(int pin, int level) {
  printf("pin %d %d\n", pin, level);
  fflush(stdout);
}

int digitalRead(int pin) { return levels[pin]; }
int analogRead(int pin) { return voltages[pin]; }

static bool isReadable(int file) {
  pollfd wanted = {file, POLLIN, 0};
  return poll(&wanted, 1, 0) > 0 && (wanted.revents & POLLIN);
}

static void say(const char* text) {
  if (write(terminal, text, strlen(text)) < 0) exit(1);
}

Port Serial;
void Port::begin(long) {}
int Port::available() { return isReadable(terminal) ? 1 : 0; }
int Port::read() {
  unsigned char character;
  return ::read(terminal, &character, 1) == 1 ? character : -1;
}
void Port::print(const char* text) { say(text); }
void Port::println(const char* text) {
  say(text);
  say("\r\n");
}
void Port::println(int number) { println((double)number, 0); }
void Port::println(double number, int digits) {
  char text[32];
  snprintf(text, sizeof text, "%.*f\r\n", digits, number);
  say(text);
}

static void turn() {
  char text[64], what[16];
  long first = 0, second = 0;
  if (!fgets(text, sizeof text, stdin)) exit(0);
  sscanf(text, "%15s %ld %ld", what, &first, &second);
  if (!strcmp(what, "wait")) now += first;
  if (!strcmp(what, "pin")) levels[first] = second;
  if (!strcmp(what, "analog")) voltages[first] = second;
}

int main(int, char** words) {
  setvbuf(stdin, nullptr, _IONBF, 0);
  turn();
  terminal = open(words[1], O_RDWR | O_NOCTTY);
  if (terminal < 0) return 1;
  setup();
  for (;;) {
    loop();
    if (isReadable(STDIN_FILENO)) turn();
    usleep(1000);
  }
}
