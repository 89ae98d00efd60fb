# frozen_string_literal: true

# Writes the files that `rspec` without arguments would run, as a JSON array, to the file that is named first. The rest of
# the arguments are RSpec's.
#
# RSpec itself looks them up by its options (.rspec, ~/.rspec, SPEC_OPTS). What these have it load beforehand is loaded
# only where it says which files are to run: that may start a whole application, and be unable to here.

target = ARGV.shift
begin
  require 'rspec/core'
rescue LoadError => e
  abort "RSpec is not installed for #{RbConfig.ruby} (gem rspec-core: #{e.message})"
end
require 'json'

# What an option's own loading of helpers might change.
module DistributedTestSpecFiles
  NAMED = /\b(?:exclude_)?pattern\s*=|\bfiles_or_directories_to_run\b|\bfiles_to_run\b/.freeze
  MOST = 1_000

  # Whether a file beside the examples that is none of them sets which files run.
  def self.set_by_helpers?(directory)
    helpers = Dir[File.join(directory, '**/*.rb')].reject { |each| each.end_with?('_spec.rb') }
    helpers.first(MOST).any? { |each| File.file?(each) && File.binread(each).match?(NAMED) }
  end

  # Options that load no formatter, since one writes files.
  def self.apply(options, config)
    options.options.delete(:requires) unless set_by_helpers?(options.options[:default_path] || 'spec')
    options.define_singleton_method(:load_formatters_into) { |*| nil }
    options.configure(config)
  end

  def self.paths(arguments)
    $PROGRAM_NAME = 'rspec' # with any other it looks in no directory by itself
    config = RSpec.configuration
    apply(RSpec::Core::ConfigurationOptions.new(arguments), config)
    config.files_to_run.map { |each| File.realpath(each) }.uniq.sort
  end
end

File.write(target, JSON.generate(DistributedTestSpecFiles.paths(ARGV.dup)))
$stdout.flush
$stderr.flush
exit!(true) # what helpers do at the end of a run is none of this
