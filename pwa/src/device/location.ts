export interface Fix {
  lat7: number;
  lon7: number;
  accuracyCm: number;
  at: number;
}

const GOOD_FOR_MS = 120_000;
let last: Fix | null = null;
let watching: number | null = null;

/** Follow the position while a visit is open, so that a photo never waits for it. Returns the way to stop. */
export function followLocation(): () => void {
  if (watching === null && "geolocation" in navigator) {
    const options = { enableHighAccuracy: true, maximumAge: 30_000, timeout: 60_000 };
    watching = navigator.geolocation.watchPosition(keep, () => undefined, options);
  }
  return () => {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    watching = null;
  };
}

/** The last position if it is fresh enough to say where this was captured; else null. */
export function recentFix(now = Date.now()): Fix | null {
  return last && now - last.at <= GOOD_FOR_MS ? last : null;
}

const PATIENCE_MS = 12_000;

/** The position now, or a recent one; null when the phone cannot tell within twelve seconds. */
export function currentFix(): Promise<Fix | null> {
  if (!("geolocation" in navigator)) return Promise.resolve(null);
  return new Promise((tell) => {
    const options = { enableHighAccuracy: true, maximumAge: 15_000, timeout: PATIENCE_MS };
    const measured = (position: GeolocationPosition) => {
      keep(position);
      tell(last);
    };
    navigator.geolocation.getCurrentPosition(measured, () => tell(recentFix()), options);
  });
}

function keep(position: GeolocationPosition): void {
  const { latitude, longitude, accuracy } = position.coords;
  last = {
    lat7: Math.round(latitude * 1e7),
    lon7: Math.round(longitude * 1e7),
    accuracyCm: Math.round(accuracy * 100),
    at: Date.now(),
  };
}
