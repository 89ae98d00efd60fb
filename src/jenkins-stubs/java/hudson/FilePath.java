package hudson;

public final class FilePath {
    public FilePath(hudson.remoting.VirtualChannel a0, java.lang.String a1) {}

    public FilePath(java.io.File a0) {}

    public FilePath(hudson.FilePath a0, java.lang.String a1) {}

    public java.lang.String getRemote() {
        throw new UnsupportedOperationException("stub");
    }

    public void copyFrom(java.io.InputStream a0) throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public <T> T act(hudson.FilePath.FileCallable<T> a0) throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public <T> hudson.remoting.Future<T> actAsync(hudson.FilePath.FileCallable<T> a0)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void mkdirs() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.FilePath child(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.FilePath getParent() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean delete() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void deleteRecursive() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public boolean exists() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public java.io.OutputStream write() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void write(java.lang.String a0, java.lang.String a1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void renameTo(hudson.FilePath a0) throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.remoting.VirtualChannel getChannel() {
        throw new UnsupportedOperationException("stub");
    }

    public interface FileCallable<T> extends java.io.Serializable, org.jenkinsci.remoting.RoleSensitive {
        T invoke(java.io.File a0, hudson.remoting.VirtualChannel a1)
                throws java.io.IOException, java.lang.InterruptedException;
    }
}

// stub: hudson.FilePath <init> <init>/1:File <init>/2:VirtualChannel act:FileCallable actAsync:FileCallable child
// copyFrom:InputStream delete deleteRecursive exists getChannel getParent getRemote list/1:String mkdirs renameTo
// write/0 write:String
// stub: hudson.FilePath$FileCallable invoke
