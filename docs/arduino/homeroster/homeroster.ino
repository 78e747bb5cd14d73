// A relay, a button and a temperature for Homeroster, as lines of text over USB.
//
//   says:   RELAY=0 or 1, BUTTON=pressed or released, T=21.4 (°C), H=45 (%)
//   hears:  RELAY=0 or RELAY=1, and answers with the new state
//
// Everything is said at the start, every ten seconds, and when it changes. Nothing here waits, so no press is missed.

const int relayPin = 7;
const int relayOn = HIGH;         // LOW for a relay board that switches on when its input is low
const int buttonPin = 2;          // to GND when pressed
const int temperaturePin = A0;    // a TMP36; -1 without one
const int humidityPin = -1;       // A1 with an HIH-4030; -1 without one
const float supply = 5.0;         // volts of the board, which its analogue inputs are measured against

const unsigned long reportEvery = 10000;  // milliseconds
const unsigned long bounce = 30;

bool relay = false;
bool pressed = false;
bool contact = false;             // what the button's contact said last, bouncing or not
unsigned long contactSince = 0;
unsigned long reportedAt = 0;

char line[16];
byte lineLength = 0;
bool lineIsTooLong = false;

void sayRelay() {
  Serial.print(F("RELAY="));
  Serial.println(relay ? 1 : 0);
}

void sayButton() {
  Serial.print(F("BUTTON="));
  Serial.println(pressed ? F("pressed") : F("released"));
}

// Volts at an analogue input: the mean of sixteen looks, which take two milliseconds.
float voltsAt(int pin) {
  long sum = 0;
  for (int i = 0; i < 16; i++) sum += analogRead(pin);
  return sum / 16.0 * supply / 1024.0;
}

void sayMeasurements() {
  if (temperaturePin >= 0) {
    // Data sheet of the TMP36: 0.5 V at 0 °C, and 10 mV for each degree.
    Serial.print(F("T="));
    Serial.println((voltsAt(temperaturePin) - 0.5) * 100.0, 1);
  }
  if (humidityPin >= 0) {
    // Data sheet of the HIH-4030: supply × (0.0062 × humidity + 0.16).
    float humidity = (voltsAt(humidityPin) / supply - 0.16) / 0.0062;
    Serial.print(F("H="));
    Serial.println(constrain(humidity, 0.0, 100.0), 0);
  }
}

void switchRelay(bool on) {
  relay = on;
  digitalWrite(relayPin, on ? relayOn : !relayOn);
  sayRelay();
}

void obey() {
  if (strcmp(line, "RELAY=1") == 0) switchRelay(true);
  if (strcmp(line, "RELAY=0") == 0) switchRelay(false);
}

// A line that does not fit is no command, and is left out to its end.
void hear(char character) {
  if (character == '\r') return;
  if (character == '\n') {
    line[lineLength] = '\0';
    if (!lineIsTooLong) obey();
    lineLength = 0;
    lineIsTooLong = false;
  } else if (lineLength < sizeof(line) - 1) {
    line[lineLength++] = character;
  } else {
    lineIsTooLong = true;
  }
}

// A press counts when the contact has been at rest for a moment.
void watchButton() {
  bool now = digitalRead(buttonPin) == LOW;
  if (now != contact) {
    contact = now;
    contactSince = millis();
  }
  if (contact != pressed && millis() - contactSince >= bounce) {
    pressed = contact;
    sayButton();
  }
}

void setup() {
  digitalWrite(relayPin, !relayOn);
  pinMode(relayPin, OUTPUT);
  pinMode(buttonPin, INPUT_PULLUP);
  Serial.begin(115200);
  sayRelay();
  sayMeasurements();
  reportedAt = millis();
}

void loop() {
  while (Serial.available() > 0) hear(Serial.read());
  watchButton();
  if (millis() - reportedAt >= reportEvery) {
    reportedAt += reportEvery;
    sayRelay();
    sayMeasurements();
  }
}
