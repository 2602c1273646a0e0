/** Where things stand in a drawing, in its units. */
export interface Plot {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  /** @param time milliseconds since the epoch */
  x(time: number): number;
}
