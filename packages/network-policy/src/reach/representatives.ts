import type { Protocol } from "../policy/normal.ts";
import { classify } from "./classes.ts";
import type { NetworkModel } from "./model.ts";
import type { Unit } from "./unit.ts";

/** Pairs up to this many are asked one by one. */
const fewPairs = 2_000;

/**
 * Pairs of senders and receivers that answer for all pairs: all of them when they are few, else two units of each class
 * (and node, where senders use their nodes' addresses), so that a pair of different pods of one class is among them.
 */
export function representatives(
  model: NetworkModel,
  senders: readonly Unit[],
  receivers: readonly Unit[],
  protocol: Protocol,
): [Unit, Unit][] {
  const many = senders.length * receivers.length > fewPairs;
  const [from, to] = many ? thinned(model, senders, receivers, protocol) : [senders, receivers];
  const pairs = from.flatMap((sender) => to.map((receiver): [Unit, Unit] => [sender, receiver]));
  const own = many ? senders.find((sender) => receivers.includes(sender)) : undefined;
  return own === undefined ? pairs : [...pairs, [own, own]];
}

function thinned(
  model: NetworkModel,
  senders: readonly Unit[],
  receivers: readonly Unit[],
  protocol: Protocol,
) {
  const { of } = classify(model, [...senders, ...receivers], protocol);
  const byNode = senders.some((sender) => sender.host);
  const thin = (units: readonly Unit[], offset: number) => {
    const count = new Map<string, number>();
    return units.filter((unit, i) => {
      const key = `${of[offset + i]} ${byNode ? unit.node : ""} ${unit.ports.map((p) => `${p.name}:${p.number}`).join()}`;
      const seen = (count.get(key) ?? 0) + 1;
      count.set(key, seen);
      return seen <= 2;
    });
  };
  return [thin(senders, 0), thin(receivers, senders.length)] as const;
}
