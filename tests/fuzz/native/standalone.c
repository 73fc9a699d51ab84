/* Runs a target without libFuzzer: so many inputs from one seed, and says how many there were. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint32_t chance(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

/* Mostly small bytes: they are flags, ids and lengths. */
static void spell(uint8_t *data, size_t size) {
    for (size_t i = 0; i < size; i++) data[i] = (uint8_t)(chance() % 3 ? chance() : chance() % 16);
}

int main(int count, char **arguments) {
    static uint8_t data[4096];
    long inputs = count > 1 ? atol(arguments[1]) : 1000;
    state = count > 2 ? (uint64_t)atol(arguments[2]) : 1;
    for (long i = 0; i < inputs; i++) {
        size_t size = chance() % (i % 8 ? 256 : sizeof data);
        spell(data, size);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("%ld inputs\n", inputs);
    return 0;
}
