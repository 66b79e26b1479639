//! The sandbox from outside: the built binary, and the pipeline as the stories use it.

#[cfg(test)]
mod command_line;
#[cfg(test)]
mod load;
#[cfg(test)]
mod pipeline;
#[cfg(test)]
mod process;
#[cfg(test)]
mod up;
