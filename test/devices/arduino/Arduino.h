// As much of the Arduino language as the sketch uses, on a computer: the port is a terminal, the pins are told on stdin.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t byte;
enum { LOW, HIGH };
enum { INPUT, OUTPUT, INPUT_PULLUP };
enum { A0 = 14, A1 };

#define F(text) (text)
#define constrain(value, low, high) ((value) < (low) ? (low) : (value) > (high) ? (high) : (value))

unsigned long millis();
void pinMode(int pin, int mode);
void digitalWrite(int pin, int level);
int digitalRead(int pin);
int analogRead(int pin);

struct Port {
  void begin(long baud);
  int available();
  int read();
  void print(const char* text);
  void println(const char* text);
  void println(int number);
  void println(double number, int digits);
};
extern Port Serial;
