package hudson.util;

public class ListBoxModel extends java.util.ArrayList<hudson.util.ListBoxModel.Option>
        implements org.kohsuke.stapler.HttpResponse {
    public ListBoxModel() {}

    public void add(java.lang.String a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    public void add(hudson.model.ModelObject a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.util.ListBoxModel add(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static final class Option {
        public java.lang.String value;

        public Option(java.lang.String a0, java.lang.String a1) {}
    }
}

// stub: hudson.util.ListBoxModel add add:String x
// stub: hudson.util.ListBoxModel$Option <init>/2 value
