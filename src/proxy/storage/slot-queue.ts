/** A member of one queue at a time. */
export interface Queued {
  previous: Queued | undefined;
  next: Queued | undefined;
}

/**
 * First in, first out, and out of the middle at no cost. A Map would do by its order of insertion, but
 * looking at its head walks over all that was deleted since it last grew.
 */
export interface SlotQueue<Slot extends Queued> {
  push(slot: Slot): void;
  shift(): Slot | undefined;
  remove(slot: Slot): void;
}

export function createSlotQueue<Slot extends Queued>(): SlotQueue<Slot> {
  let first: Slot | undefined;
  let last: Slot | undefined;

  function remove(slot: Slot): void {
    // The members of one queue are of one type.
    const { previous, next } = slot as Queued as { previous?: Slot; next?: Slot };
    if (previous === undefined) first = next;
    else previous.next = next;
    if (next === undefined) last = previous;
    else next.previous = previous;
    slot.previous = undefined;
    slot.next = undefined;
  }

  return {
    push(slot) {
      slot.previous = last;
      if (last === undefined) first = slot;
      else last.next = slot;
      last = slot;
    },
    shift() {
      const slot = first;
      if (slot !== undefined) remove(slot);
      return slot;
    },
    remove,
  };
}
