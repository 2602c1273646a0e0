/** Colours for light and dark, and for high contrast none but shapes: marks of each severity have a form of their own. */
export const SVG_STYLE = `
  svg { color-scheme: light dark; background: var(--paper); font: 12px system-ui, sans-serif;
    --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --band: #f6f8fa;
    --ok: #6ea8dc; --error: #e8a33d; --refused: #b07fd8;
    --critical: #8b1a8b; --high: #cf222e; --medium: #b26a00; --low: #0f7c8c }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --band: #161b22;
      --ok: #3f78b5; --error: #c08428; --refused: #8f5fc0;
      --critical: #e58be5; --high: #ff7b72; --medium: #e3b341; --low: #56d4dd } }
  text { fill: var(--ink) }
  .soft { fill: var(--soft) }
  .head { font-size: 18px; font-weight: 600 }
  .grid { stroke: var(--line); stroke-width: 1; fill: none }
  .band { fill: var(--band) }
  .ok { fill: var(--ok) } .error { fill: var(--error) } .refused { fill: var(--refused) }
  .mark { stroke: var(--paper); stroke-width: 1 }
  .critical { fill: var(--critical) } .high { fill: var(--high) }
  .medium { fill: var(--medium) } .low { fill: var(--low) }
`;
