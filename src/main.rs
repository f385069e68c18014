//! The `casebook` command.
use casebook::{case, engine, verdict::EngineId};
fn main() {
    let filter = std::env::args().nth(1).unwrap_or_default();
    for e in EngineId::ALL {
        for entry in case::corpus() {
            if !entry.id.contains(&filter) {
                continue;
            }
            let case = case::find(e, &entry.id).unwrap();
            let t = std::time::Instant::now();
            let r = engine::check(e, case, &Default::default());
            let t = t.elapsed();
            match r {
                Ok(r) => {
                    let j = (case.expect)().judge(e, &r);
                    println!(
                        "{} {e} {} {} {:?} {:?} {t:?}",
                        entry.id,
                        r.verdict.word(),
                        r.verdict.executions(),
                        r.outcomes.keys().collect::<Vec<_>>(),
                        j
                    );
                    if let Some(f) = r.verdict.failure() {
                        println!("   {}: {} [{}]", f.kind, f.message, f.replay);
                        for s in &f.trace {
                            println!(
                                "      {} {} {} {} {} {}:{}",
                                s.thread,
                                s.operation,
                                s.object,
                                s.orderings,
                                s.value,
                                s.site.file,
                                s.site.line
                            )
                        }
                        let r = engine::check(
                            e,
                            case,
                            &engine::Request {
                                replay: Some(f.replay.clone()),
                                ..Default::default()
                            },
                        );
                        println!(
                            "   replayed: {:?}",
                            r.map(|r| r.verdict.failure().map(|x| x == f))
                        );
                    }
                }
                Err(e) => println!("{} ERROR {e}", entry.id),
            }
        }
    }
}
