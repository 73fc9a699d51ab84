/* A small table from 32-bit keys to pointers: SSRCs of one peer. Open addressing, at most half full. */
#ifndef PLENUM_TABLE_H
#define PLENUM_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct table {
    uint32_t *keys;
    void **values; /* NULL: free */
    int count, capacity;
};

void *table_get(const struct table *table, uint32_t key);

/* Add or replace; false if there is no memory. */
bool table_put(struct table *table, uint32_t key, void *value);

void table_remove(struct table *table, uint32_t key);

void table_free(struct table *table);

#endif
