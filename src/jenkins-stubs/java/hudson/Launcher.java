package hudson;

public abstract class Launcher {
    public hudson.remoting.VirtualChannel getChannel() {
        throw new UnsupportedOperationException("stub");
    }

    public final hudson.Launcher.ProcStarter launch() {
        throw new UnsupportedOperationException("stub");
    }

    Launcher() {}

    public final class ProcStarter {
        public ProcStarter() {}

        public hudson.Launcher.ProcStarter cmds(java.lang.String... a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Launcher.ProcStarter cmds(java.util.List<java.lang.String> a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Launcher.ProcStarter quiet(boolean a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Launcher.ProcStarter pwd(hudson.FilePath a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Launcher.ProcStarter stdout(java.io.OutputStream a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Launcher.ProcStarter envs(java.util.Map<java.lang.String, java.lang.String> a0) {
            throw new UnsupportedOperationException("stub");
        }

        public hudson.Proc start() throws java.io.IOException {
            throw new UnsupportedOperationException("stub");
        }
    }
}

// stub: hudson.Launcher getChannel launch/0
// stub: hudson.Launcher$ProcStarter cmds/1:List cmds/1:String envs:Map pwd:FilePath quiet/1 start stdout:OutputStream
