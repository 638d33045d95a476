// Plays a list of sounds for many listeners with DSP that Faust compiled; see faust.py.
//
//     storm SOUNDS LISTENERS SAMPLES [FILE]
//
// Each record of SOUNDS is 12 floats: onset in 65,536 samples and the rest, listener, kind, and eight parameters.

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <faust/dsp/dsp.h>
#include <faust/gui/MapUI.h>
#include <faust/gui/meta.h>

#include "mode.h"
#include "tone.h"
#include "pulse.h"
#include "hiss.h"
#include "breath.h"
#include "clap.h"
#include "beds.h"
#include "wanders.h"

namespace {

constexpr int RATE = 48000, BLOCK = 512, PARAMETERS = 8, BEDS = sizeof(WANDERS) / sizeof(float);
constexpr float WANDER_HZ = 0.5f;
const char *const NAMES[PARAMETERS] = {"length", "attack", "hz", "end_hz", "width_hz", "depth", "left", "right"};

struct Sound {
  float onset_high, onset_low, listener, kind, values[PARAMETERS];
  long onset() const { return long(onset_high) * 65536 + long(onset_low); }
};

std::unique_ptr<dsp> make(int kind) {
  switch (kind) {
  case 0: return std::make_unique<mode_dsp>();
  case 1: return std::make_unique<tone_dsp>();
  case 2: return std::make_unique<pulse_dsp>();
  case 3: return std::make_unique<hiss_dsp>();
  case 4: return std::make_unique<breath_dsp>();
  default: return std::make_unique<clap_dsp>();
  }
}

// An object of one kind of sound, with the places of its parameters, to be used again and again.
struct Voice {
  std::unique_ptr<dsp> sound;
  std::array<FAUSTFLOAT *, PARAMETERS> zones{};
  FAUSTFLOAT *seed;
  long from = 0, until = 0;

  explicit Voice(int kind) : sound(make(kind)) {
    sound->init(RATE);
    MapUI ui;
    sound->buildUserInterface(&ui);
    for (int n = 0; n < PARAMETERS; n++) zones[n] = ui.getParamZone(NAMES[n]);
    seed = ui.getParamZone("seed");
  }

  void start(const Sound &what, float random) {
    sound->instanceClear();
    for (int n = 0; n < PARAMETERS; n++)
      if (zones[n]) *zones[n] = what.values[n];
    if (seed) *seed = random;
    from = what.onset();
    until = from + std::max(16L, std::lround(what.values[0] * RATE));
  }
};

// A random gain under straight lines, as far as `reach` from 1.
struct Wander {
  float reach, now = 1, step = 0;
  int left = 0;

  float next(std::mt19937 &random) {
    if (left-- <= 0) {
      left = int(RATE / WANDER_HZ / BLOCK);
      step = (1 + reach * std::uniform_real_distribution<float>(-1, 1)(random) - now) / left;
    }
    return now += step;
  }
};

struct Listener {
  beds_dsp beds;
  std::array<FAUSTFLOAT *, BEDS> gains{};
  std::array<Wander, BEDS> wanders;
  std::vector<std::pair<int, Voice *>> sounding;
  std::mt19937 random;
  float left[BLOCK], right[BLOCK];

  explicit Listener(int number) : random(number + 1) {
    beds.init(RATE);
    MapUI ui;
    beds.buildUserInterface(&ui);
    for (int n = 0; n < BEDS; n++) {
      gains[n] = ui.getParamZone("gain" + std::to_string(n));
      wanders[n].reach = WANDERS[n];
    }
    *ui.getParamZone("seed") = seed();
  }

  // Odd, and exact in a float: the increment of the library's generator.
  float seed() { return float(random() >> 9 | 1); }
};

std::vector<Sound> read(const char *path) {
  std::vector<Sound> sounds;
  std::FILE *file = std::fopen(path, "rb");
  if (!file) std::exit(2);
  for (Sound sound; std::fread(&sound, sizeof sound, 1, file) == 1;) sounds.push_back(sound);
  std::fclose(file);
  return sounds;
}

std::FILE *create(const char *path, int channels, long samples) {
  std::FILE *file = std::fopen(path, "wb");
  if (!file) std::exit(2);
  const std::uint32_t bytes = std::uint32_t(samples * channels * 4), all = bytes + 36, format = 16, rate = RATE;
  const std::uint32_t each_s = RATE * channels * 4;
  const std::uint16_t kind = 3, count = channels, each = channels * 4, bits = 32;
  std::fwrite("RIFF", 4, 1, file), std::fwrite(&all, 4, 1, file), std::fwrite("WAVEfmt ", 8, 1, file);
  std::fwrite(&format, 4, 1, file), std::fwrite(&kind, 2, 1, file), std::fwrite(&count, 2, 1, file);
  std::fwrite(&rate, 4, 1, file), std::fwrite(&each_s, 4, 1, file), std::fwrite(&each, 2, 1, file);
  std::fwrite(&bits, 2, 1, file), std::fwrite("data", 4, 1, file), std::fwrite(&bytes, 4, 1, file);
  return file;
}

void add(Voice &voice, long start, int count, float *left, float *right) {
  const int first = int(std::max(voice.from - start, 0L)), last = int(std::min(voice.until - start, long(count)));
  float heard[2][BLOCK], *channels[] = {heard[0], heard[1]};
  voice.sound->compute(last - first, nullptr, channels);
  for (int n = first; n < last; n++) left[n] += heard[0][n - first], right[n] += heard[1][n - first];
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 4) return 2;
  _mm_setcsr(_mm_getcsr() | 0x8040);
  const auto sounds = read(arguments[1]);
  const int listeners = std::atoi(arguments[2]);
  const long samples = std::atol(arguments[3]);
  std::FILE *file = count > 4 ? create(arguments[4], 2 * listeners, samples) : nullptr;
  std::vector<std::unique_ptr<Listener>> all;
  for (int n = 0; n < listeners; n++) all.push_back(std::make_unique<Listener>(n));
  std::array<std::vector<std::unique_ptr<Voice>>, 6> owned;
  std::array<std::vector<Voice *>, 6> free;
  std::vector<float> mixed(2 * listeners * BLOCK);
  std::size_t next = 0;
  for (long start = 0; start < samples; start += BLOCK) {
    const int size = int(std::min(long(BLOCK), samples - start));
    for (; next < sounds.size() && sounds[next].onset() < start + size; next++) {
      const int kind = int(sounds[next].kind);
      Listener &listener = *all[int(sounds[next].listener)];
      if (free[kind].empty()) {
        owned[kind].push_back(std::make_unique<Voice>(kind));
        free[kind].push_back(owned[kind].back().get());
      }
      Voice *voice = free[kind].back();
      free[kind].pop_back();
      voice->start(sounds[next], listener.seed());
      listener.sounding.emplace_back(kind, voice);
    }
    for (int n = 0; n < listeners; n++) {
      Listener &listener = *all[n];
      for (int bed = 0; bed < BEDS; bed++) *listener.gains[bed] = listener.wanders[bed].next(listener.random);
      float *channels[] = {listener.left, listener.right};
      listener.beds.compute(size, nullptr, channels);
      auto kept = listener.sounding.begin();
      for (auto &[kind, voice] : listener.sounding) {
        add(*voice, start, size, listener.left, listener.right);
        if (voice->until <= start + size) free[kind].push_back(voice);
        else *kept++ = {kind, voice};
      }
      listener.sounding.erase(kept, listener.sounding.end());
      for (int k = 0; file && k < size; k++) {
        mixed[2 * (k * listeners + n)] = listener.left[k];
        mixed[2 * (k * listeners + n) + 1] = listener.right[k];
      }
    }
    if (file) std::fwrite(mixed.data(), 8, std::size_t(size) * listeners, file);
  }
  if (file) std::fclose(file);
  return 0;
}
