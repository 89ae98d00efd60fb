package hudson.model;

public abstract class Descriptor<T extends hudson.model.Describable<T>> implements hudson.model.Saveable {
    protected Descriptor() {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public T newInstance(org.kohsuke.stapler.StaplerRequest2 a0, net.sf.json.JSONObject a1)
            throws hudson.model.Descriptor.FormException {
        throw new UnsupportedOperationException("stub");
    }

    public boolean configure(org.kohsuke.stapler.StaplerRequest2 a0, net.sf.json.JSONObject a1)
            throws hudson.model.Descriptor.FormException {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.security.Permission getRequiredGlobalConfigPagePermission() {
        throw new UnsupportedOperationException("stub");
    }

    public void save() {
        throw new UnsupportedOperationException("stub");
    }

    public void load() {
        throw new UnsupportedOperationException("stub");
    }

    public static final class FormException extends java.lang.Exception implements org.kohsuke.stapler.HttpResponse {
        public FormException(java.lang.String a0, java.lang.String a1) {}

        public FormException(java.lang.String a0, java.lang.Throwable a1, java.lang.String a2) {}

        public FormException(java.lang.Throwable a0, java.lang.String a1) {}
    }
}

// stub: hudson.model.Descriptor -newInstance:StaplerRequest configure:StaplerRequest2 getDisplayName
// getRequiredGlobalConfigPagePermission load newInstance:StaplerRequest2 save
// stub: hudson.model.Descriptor$FormException <init>
