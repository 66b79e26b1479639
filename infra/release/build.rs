//! Leaves tables for unwinding out of a function that is deployed, where a panic aborts: `docs/decisions/0019`. `-C force-unwind-tables=no` says
//! the same and does nothing here, because the standard library, which has them, is compiled into the same module.

#[expect(clippy::disallowed_methods, reason = "Cargo tells a build script everything in its environment")]
fn main() {
    println!("cargo::rerun-if-changed=../../infra/release/release.ld");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") {
        let package = env!("CARGO_MANIFEST_DIR");
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{package}/../../infra/release/release.ld");
    }
}
