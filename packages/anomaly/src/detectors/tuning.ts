/** What an admin may change in a detector. */
export interface Tuning {
  /** Multiplies limits: 2 lets pass twice as much. */
  readonly tolerance: number;
}
