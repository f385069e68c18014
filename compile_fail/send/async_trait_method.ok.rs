//! Fixed: written out, the return type carries the bound, and implementors may still say `async fn`.

trait Service {
    fn call(&self) -> impl Future<Output = ()> + Send;
}

fn serve<S: Service>(service: &'static S) {
    spawn_task(service.call());
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}

fn main() {}
