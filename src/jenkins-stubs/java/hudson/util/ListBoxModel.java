package hudson.util;

public class ListBoxModel {
    public ListBoxModel() {}
    public void add(java.lang.String a0, java.lang.String a1) { throw new UnsupportedOperationException("stub"); }
    public void add(hudson.model.ModelObject a0, java.lang.String a1) { throw new UnsupportedOperationException("stub"); }
    public hudson.util.ListBoxModel add(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    public final static class Option {
        public Option(java.lang.String a0, java.lang.String a1) {}
    }
}

// stub: hudson.util.ListBoxModel add
// stub: hudson.util.ListBoxModel$Option <init>/2
