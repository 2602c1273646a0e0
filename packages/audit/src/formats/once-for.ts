/** Builds a value for each key once, and keeps it as long as the key lives. */
export function onceFor<Key extends object, Value>(build: (key: Key) => Value): (key: Key) => Value {
  const built = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = built.get(key);
    if (known !== undefined) return known.value;
    const value = build(key);
    built.set(key, { value });
    return value;
  };
}
