package hudson.model;

public abstract class Cause {
    public Cause() {}

    public abstract java.lang.String getShortDescription();

    public void print(hudson.model.TaskListener a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static class UpstreamCause extends hudson.model.Cause {
        public hudson.model.Run<?, ?> getUpstreamRun() {
            throw new UnsupportedOperationException("stub");
        }

        public java.lang.String getShortDescription() {
            throw new UnsupportedOperationException("stub");
        }

        UpstreamCause() {}
    }
}

// stub: hudson.model.Cause getShortDescription print
// stub: hudson.model.Cause$UpstreamCause getShortDescription getUpstreamRun s:hudson.model.Cause
