/** The part of the scale worth drawing. Pure. */
import { scaleLinear } from 'd3-scale';

export type Domain = {
  from: number;
  to: number;
  /** Starts where the scale starts: a stem from the base tells the truth. */
  whole: boolean;
};

/** Everything that has a place on the axis, with room around it; from the scale's start when that is near. */
export function domainOf(values: readonly number[], scale: { min: number; max: number }): Domain {
  if (values.length === 0) return { from: scale.min, to: scale.max, whole: true };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.1, (scale.max - scale.min) * 0.01) || 1;
  const to = Math.max(high, Math.min(high + room, scale.max));
  const near = low - room - scale.min < (to - scale.min) / 2;
  const from = Math.min(low, near ? scale.min : low - room);
  return { from, to, whole: from <= scale.min };
}

export type Axis = { at(value: number): number; ticks: number[] };

/** @param pixels from the domain's start to its end, in that order */
export function axisOf(domain: Domain, pixels: [number, number], ticks: number): Axis {
  const scale = scaleLinear().domain([domain.from, domain.to]).range(pixels);
  return { at: (value) => Math.round(scale(value) * 10) / 10, ticks: scale.ticks(ticks) };
}
