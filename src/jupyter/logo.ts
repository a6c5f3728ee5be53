// The logo that Jupyter's launcher shows for a kernel of ours: guests on a hypervisor, one of them
// probed.

/** The logo, as SVG: 64 x 64, nothing loaded, no text. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img">
  <rect width="64" height="64" rx="10" fill="#14324a"/>
  <rect x="8" y="42" width="48" height="12" rx="3" fill="#3d7ea6"/>
  <rect x="8" y="14" width="13" height="24" rx="3" fill="#a8cfe4"/>
  <rect x="25.500" y="14" width="13" height="24" rx="3" fill="#f2a541"/>
  <rect x="43" y="14" width="13" height="24" rx="3" fill="#a8cfe4"/>
  <path d="M32 6v28M28 30l4 5 4-5" fill="none" stroke="#14324a" stroke-width="3"/>
  <path d="M12 48h8l3-4 5 8 4-6 3 2h17" fill="none" stroke="#fff" stroke-width="2"/>
</svg>
`
