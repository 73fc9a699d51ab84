#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 8 };

static int slot_of(const struct table *table, uint32_t key) {
    uint32_t hash = key * 2654435761u;
    int mask = table->capacity - 1, slot = (int)(hash >> 7) & mask;
    while (table->values[slot] && table->keys[slot] != key) slot = (slot + 1) & mask;
    return slot;
}

void *table_get(const struct table *table, uint32_t key) {
    return table->capacity ? table->values[slot_of(table, key)] : 0;
}

static bool grow(struct table *table) {
    struct table larger = {0};
    larger.capacity = table->capacity ? 2 * table->capacity : SMALLEST;
    larger.keys = calloc((size_t)larger.capacity, sizeof *larger.keys);
    larger.values = calloc((size_t)larger.capacity, sizeof *larger.values);
    if (!larger.keys || !larger.values) {
        table_free(&larger);
        return false;
    }
    for (int i = 0; i < table->capacity; i++)
        if (table->values[i]) table_put(&larger, table->keys[i], table->values[i]);
    table_free(table);
    *table = larger;
    return true;
}

bool table_put(struct table *table, uint32_t key, void *value) {
    if (2 * (table->count + 1) > table->capacity && !grow(table)) return false;
    int slot = slot_of(table, key);
    if (!table->values[slot]) table->count++;
    table->keys[slot] = key;
    table->values[slot] = value;
    return true;
}

void table_remove(struct table *table, uint32_t key) {
    if (!table->capacity) return;
    int mask = table->capacity - 1, hole = slot_of(table, key);
    if (!table->values[hole]) return;
    table->values[hole] = 0;
    table->count--;
    for (int next = (hole + 1) & mask; table->values[next]; next = (next + 1) & mask) {
        void *moved = table->values[next];
        table->values[next] = 0;
        table->count--;
        table_put(table, table->keys[next], moved);
    }
}

void table_free(struct table *table) {
    free(table->keys);
    free(table->values);
    memset(table, 0, sizeof *table);
}
