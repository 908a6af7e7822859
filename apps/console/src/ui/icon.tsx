const shapes = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  devices: 'M7 3h10v18H7zM11 18h2',
  firmware: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
  access: 'M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6zM9.5 12l2 2 3.5-4',
  key: 'M14 10a4 4 0 1 0-3.5 4L12 15h2v2h2v2h4v-3l-6-6M9 9h.01',
  settings: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 5v4M9 15v4',
  more: 'M4 12a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 0 0-2.6 0zM10.7 12a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 0 0-2.6 0zM17.4 12a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 0 0-2.6 0z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4',
  chart: 'M4 19V5m0 14h16M8 15l3-4 3 2 5-6',
  play: 'M8 5v14l11-7z',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  read: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  minus: 'M5 12h14',
  history: 'M12 8v4l3 2M5.6 8.5A7.5 7.5 0 1 1 4.5 12M5 4v5h5',
  out: 'M10 4H5v16h5M10 12h10m0 0-4-4m4 4-4 4',
  export: 'M12 15V4m0 0L8 8m4-4 4 4M5 14v6h14v-6',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  friends:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M15.5 4.3a3.5 3.5 0 0 1 0 6.4M17 14.3c2.5.8 4 2.6 4 5.7',
  rooms: 'M4 5h11v8H9l-3 3v-3H4zM18 9h2v8h-2v3l-3-3h-4',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM13 13h3v3h-3zM13 8h3M8 14v2',
  climate: 'M10 14V6a2 2 0 0 1 4 0v8a4 4 0 1 1-4 0zM12 17V9',
  lamp: 'M9 18h6M10 21h4M8 14a6 6 0 1 1 8 0l-1 2H9z',
  meter: 'M4 17a8.5 8.5 0 1 1 16 0M12 15l4-5M12 15h.01',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  sliders: 'M5 6h14M5 12h14M5 18h14M9 4v4M15 10v4M8 16v4',
} as const;

export type IconName = keyof typeof shapes;

/** A drawing beside a text or in a button that has a label of its own: hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
